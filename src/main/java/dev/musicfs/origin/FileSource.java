package dev.musicfs.origin;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.BufferPool;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import java.util.List;

/** The bytes of one version of a file, from whichever of its copies has them. For any thread. */
public interface FileSource {
    /** The file as the catalog has it: its leader first, which is the copy that is shown. At least one. */
    List<Copy> copies();

    /** The version of the leader. */
    default FileVersion version() {
        return copies().get(0).version();
    }

    /** The path of the leader. */
    default RealPath path() {
        return copies().get(0).path();
    }

    /**
     * The bytes of {@code range} of the leader, cut at its end, from any copy that has them. Retries and other copies
     * are tried until the deadline. The future fails with what the leader failed with: {@code STALE} when it is
     * another version and no other copy could stand in, {@code UNAVAILABLE} at once when every origin is known to be
     * down.
     */
    Future<Fetched> read(ByteRange range, Deadline deadline);

    /** As {@link #read}, into memory of {@code pool}; fails with {@code UNAVAILABLE} when that has none to lend. */
    default Future<FetchedBuffer> fetch(ByteRange range, Deadline deadline, BufferPool pool) {
        return read(range, deadline).map(fetched -> new FetchedBuffer(pool.copyOf(fetched.bytes()), fetched.from()));
    }

    /**
     * Bytes of this copy turned out to be wrong. It is reported, and not asked again while another copy can be, until it
     * has changed.
     */
    void suspect(Copy copy, String why);
}
