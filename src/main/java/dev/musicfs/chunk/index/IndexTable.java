package dev.musicfs.chunk.index;

import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys and values on a disk, of a library that is not trusted: anything may be thrown, a call may never return. */
interface IndexTable {
    byte @Nullable [] get(byte[] key);

    void put(byte[] key, byte[] value);

    void remove(byte[] key);

    /** All entries; changes made while it is used may or may not be seen. */
    Iterator<Map.Entry<byte[], byte[]>> entries();

    /** Whether its file is where it was made, and no shorter than it has to be; asked on any thread. */
    boolean isInPlaceBlocking();

    /** Writes everything, closes, and notes that it was closed in order. */
    void close(IndexTotals totals, int round) throws Exception;

    /** Deletes its file; from any thread, also while a call hangs. */
    void delete();
}
