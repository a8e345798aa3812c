package dev.musicfs.failure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The points at which a test can make the program fail; their names are part of how it is tested from outside. */
public enum Failpoint {
    /** Before the bytes of a chunk are written: a full or dying disk. */
    CAS_PUT_BEFORE_WRITE,
    /** Between writing a chunk's temporary file and giving it its name. */
    CAS_RENAME,
    /** Between a chunk's file and its entry in the index. */
    CAS_PUT_AFTER_WRITE_BEFORE_INDEX,
    /** Before the index of chunks is made durable. */
    INDEX_COMMIT,
    /** Where the list of a file's chunks is fetched: one that cannot be had. */
    READER_MANIFEST_FETCH,
    /** After a batch of found differences was committed: a crash in the middle of a scan. */
    DELTA_SYNC_AFTER_BATCH,
    /** At the end of a round of the scan. */
    SYNC_CHECKPOINT,
    /** Where an origin is asked whether it is there: a probe that never returns. */
    HEALTH_CHECK_HANG,
    /** Where the catalog is opened, or a backup is to take its place: one that will not open. */
    DB_OPEN_CORRUPT,
    /** After the bytes of a read are in the kernel's buffer and before it is told so. */
    FUSE_READ_BEFORE_REPLY,
    /** While the daemon waits for its own mount to answer what it announces. */
    FUSE_ANNOUNCE_BEFORE_REPLY,
    /** Before each step of an orderly end. */
    SHUTDOWN_PHASE;

    /** The name under which it is armed, such as {@code cas-rename}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Failpoint> ofId(String id) {
        return Arrays.stream(values()).filter(each -> each.id().equals(id)).findFirst();
    }
}
