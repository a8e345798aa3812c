package dev.musicfs.origin.mounted;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.Deadline;
import java.util.List;

/** A share on the calling thread, which it may hold for ever. Throws only {@link dev.musicfs.failure.MusicFsException}. */
interface Share {
    /** As {@link dev.musicfs.origin.Origin#list}; {@code progress} is called whenever something has come. */
    List<OriginEntry> listBlocking(RealPath directory, Runnable progress);

    /** As {@link dev.musicfs.origin.Origin#stat}. */
    OriginEntry statBlocking(RealPath path, Deadline deadline);

    /** As {@link dev.musicfs.origin.Origin#read}. */
    byte[] readBlocking(RealPath path, FileVersion expected, ByteRange range, Deadline deadline);

    /** As {@link dev.musicfs.origin.Origin#probe}. */
    void probeBlocking(Deadline deadline);
}
