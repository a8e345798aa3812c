package dev.musicfs.library;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.failure.WallClock;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.InodeTag;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files whose modification time may hide a change, and which are therefore read once more. A time is racy when it was
 * so young at the reading that another change could have left it the same, or when it lay in the future, where a clock had
 * been wrong. At most {@value #MOST} files are remembered; beyond, a time is believed. For any thread.
 */
@WallClock("compares with the times of files")
final class RacyTimestamps {
    /** After this, even FAT, which counts in steps of two seconds, shows another change. */
    static final Duration COARSE = Duration.ofSeconds(2);

    /** Kernels tick at least every 10 ms. */
    static final Duration FINE = Duration.ofMillis(20);

    static final int MOST = 1000;

    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final Clock clock;
    /** By file number, the directory of each. */
    private final Map<Long, RealPath> folders = new ConcurrentHashMap<>();

    RacyTimestamps(Clock clock) {
        this.clock = clock;
    }

    /** The present, to be asked for before files are read. */
    long asOf() {
        return clock.wallNanos();
    }

    /** A file was read for the first time, or because it had changed. */
    void read(FileRow row, long asOfNanos) {
        if (row.kind() == FileKind.AUDIO && isYoung(row.version(), asOfNanos)) {
            add(row);
        }
    }

    /** A file was read once more; one from the future needs no third reading, since any change sets it to the present. */
    void readAgain(FileRow row, long asOfNanos) {
        folders.remove(row.id());
        if (row.version().mtimeNanos() <= asOfNanos) {
            read(row, asOfNanos);
        }
    }

    /** Whether a file is to be read once more, although it looks as it did. */
    boolean has(long fileId) {
        return folders.containsKey(fileId);
    }

    /** The directories of the files that are to be read once more. */
    Set<RealPath> folders() {
        return new TreeSet<>(folders.values());
    }

    private void add(FileRow row) {
        if (folders.size() < MOST) {
            folders.put(row.id(), row.path().parent());
        }
    }

    // An ETag changes with the file whatever the clock of the origin says; the time of the last change of any kind
    // ticks.
    private static boolean isYoung(FileVersion version, long asOfNanos) {
        Optional<InodeTag> disk = InodeTag.of(version);
        if (disk.isEmpty() && !version.tag().isEmpty()) {
            return false;
        }
        long changedNanos = disk.map(InodeTag::changeNanos).orElse(version.mtimeNanos());
        Duration granule = changedNanos % SECOND_NANOS == 0 ? COARSE : FINE;
        return changedNanos > asOfNanos - granule.toNanos();
    }
}
