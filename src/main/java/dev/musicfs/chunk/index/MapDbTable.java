package dev.musicfs.chunk.index;

import dev.musicfs.chunk.disk.FileIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.HTreeMap;
import org.mapdb.Serializer;

/**
 * A MapDB file without a log: a log did not make it safe, and costs a factor of ten. So after anything but an orderly
 * close it is never opened again, which its marker decides. It is not mapped into memory, though that is five times as
 * fast (1 against 5 microseconds a lookup, 3 against 19 a new entry): what a disk refuses a mapped page, the virtual
 * machine throws as an InternalError anywhere in the thread, after going on as if it were written.
 */
final class MapDbTable implements IndexTable {
    private static final String NAME = "chunks";

    private final Path file;
    private final Path marker;
    private final DB db;
    private final HTreeMap<byte[], byte[]> map;
    private final @Nullable Object key;
    private volatile long leastBytes;
    private boolean marked = true;

    private MapDbTable(Path file, Path marker, DB db, HTreeMap<byte[], byte[]> map) {
        this.file = file;
        this.marker = marker;
        this.db = db;
        this.map = map;
        this.key = FileIdentity.keyBlocking(file);
    }

    /** Opens the file there, or makes it when there is none. */
    static MapDbTable openBlocking(Path file, Path marker) {
        // No lock of MapDB's: an index given up for hanging would keep it, and the daemon has its own.
        DB db = DBMaker.fileDB(file.toFile())
                .fileChannelEnable()
                .fileLockDisable()
                .make();
        // 8 segments, 32 nodes to a directory, 4 levels: 8 million slots, for a million entries and more.
        HTreeMap<byte[], byte[]> map = db.hashMap(NAME, Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY)
                .layout(8, 32, 4)
                .createOrOpen();
        return new MapDbTable(file, marker, db, map);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return map.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        unmark();
        map.put(key, value);
    }

    @Override
    public void remove(byte[] key) {
        unmark();
        map.remove(key);
    }

    @Override
    @SuppressWarnings("unchecked") // MapDB's Kotlin types: keys and values that may be null
    public Iterator<Map.Entry<byte[], byte[]>> entries() {
        return (Iterator<Map.Entry<byte[], byte[]>>)
                (Iterator<?>) map.getEntries().iterator();
    }

    // MapDB would write on into a file that nobody finds again, and trip over the end of one that was cut.
    @Override
    public boolean isInPlaceBlocking() {
        long bytes = file.toFile().length();
        boolean inPlace = bytes >= leastBytes && Objects.equals(key, FileIdentity.keyBlocking(file));
        leastBytes = Math.max(bytes, leastBytes);
        return inPlace;
    }

    @Override
    public void close(IndexTotals totals, int round) throws IOException {
        unmark();
        db.commit();
        db.close();
        CleanShutdownMarker.ofBlocking(file, totals, round).writeBlocking(marker);
    }

    @Override
    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // Left for the next index, which deletes all that lies around.
        }
    }

    private void unmark() {
        if (marked) {
            try {
                CleanShutdownMarker.removeBlocking(marker);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            marked = false;
        }
    }
}
