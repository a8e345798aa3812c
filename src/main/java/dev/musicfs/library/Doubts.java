package dev.musicfs.library;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.failure.WallClock;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files whose time of modification says less than it should: when they were read it was so young that they may have
 * changed once more without its showing, or it lay in the future, where a clock had been wrong. They are read once more.
 * Bounded: beyond {@value #MOST} files a time is believed. For any thread.
 */
@WallClock("compares with the times of files")
final class Doubts {
    /** After this even FAT, which counts in two seconds, shows another change. */
    static final Duration COARSE = Duration.ofSeconds(2);

    /** Kernels tick every 10 ms at the least. */
    static final Duration FINE = Duration.ofMillis(20);

    static final int MOST = 1000;

    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final Clock clock;
    private final Map<Long, RealPath> folders = new ConcurrentHashMap<>();

    Doubts(Clock clock) {
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

    /** A file was read once more; one from the future needs no third look, since each change takes it out of there. */
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

    /** Where they are. */
    Set<RealPath> folders() {
        return new TreeSet<>(folders.values());
    }

    private void add(FileRow row) {
        if (folders.size() < MOST) {
            folders.put(row.id(), row.path().parent());
        }
    }

    // A tag of the origin's changes with every change, whatever its clock says.
    private static boolean isYoung(FileVersion version, long asOfNanos) {
        Duration granule = version.mtimeNanos() % SECOND_NANOS == 0 ? COARSE : FINE;
        return version.tag().isEmpty() && version.mtimeNanos() > asOfNanos - granule.toNanos();
    }
}
