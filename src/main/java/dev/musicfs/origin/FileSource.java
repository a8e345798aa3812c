package dev.musicfs.origin;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import java.util.List;

/** The bytes of one version of a file, from whichever of its copies has them. For any thread. */
public interface FileSource {
    /** The file as the catalog has it: the copy with the most authority first. At least one. */
    List<Copy> copies();

    /** The version of the first copy, which is the one that is shown. */
    default FileVersion version() {
        return copies().get(0).version();
    }

    /** The path of the first copy. */
    default RealPath path() {
        return copies().get(0).path();
    }

    /**
     * The bytes of {@code range} of the first copy, cut at its end, from any copy that has them. Retries and other copies
     * are tried until the deadline. The future fails with what the best copy failed with: {@code STALE} when it is
     * another version and no other copy could stand in, {@code UNAVAILABLE} at once when every origin is known to be
     * down.
     */
    Future<Fetched> read(ByteRange range, Deadline deadline);

    /**
     * Bytes of this copy turned out to be wrong. It is reported, and not asked again while another copy can be, until it
     * has changed.
     */
    void blame(Copy copy, String why);
}
