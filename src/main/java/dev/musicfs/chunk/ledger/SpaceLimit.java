package dev.musicfs.chunk.ledger;

import dev.musicfs.chunk.disk.SpaceProbe;
import dev.musicfs.runtime.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How many bytes the chunk files may take: the least of the configured size, what the free space of the disk allows and,
 * when the file system runs out of inodes, the average chunk times the number of files it still takes.
 */
public final class SpaceLimit {
    /** Inodes left to other programs and to the directories of new chunks. */
    public static final int SPARE_FILES = 32;

    /** Inodes are not taken for scarce while more than this and a part of the present number are free. */
    private static final int MANY_FILES = 256;

    private static final int MANY_PART = 4;
    private static final long FIRST_CHUNK_BYTES = 512 << 10;
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final SpaceProbe probe;
    private final Clock clock;

    private volatile long sizeBytes;
    private volatile long minFreeBytes;
    private volatile long limit;
    private volatile boolean wanted = true;
    private volatile long lookedAtNanos;

    public SpaceLimit(long sizeBytes, long minFreeBytes, SpaceProbe probe, Clock clock) {
        this.sizeBytes = sizeBytes;
        this.minFreeBytes = minFreeBytes;
        this.probe = probe;
        this.clock = clock;
        this.limit = sizeBytes;
    }

    /** As of the last look; what the store has written since does not change it. */
    public long bytes() {
        return limit;
    }

    /** Sets other bounds, which take effect with the next look; that look is not postponed. */
    public void change(long size, long minFree) {
        sizeBytes = size;
        minFreeBytes = minFree;
        limit = Math.min(limit, size);
        lookAgain();
    }

    /** Has the next call of {@link #lookBlocking} look at the disk, however soon it comes. */
    public void lookAgain() {
        wanted = true;
    }

    /**
     * Looks at the disk, at most once a second unless asked to; for one thread.
     *
     * @param chunks how many files the bytes are in; 0 when that is not known
     */
    public void lookBlocking(long usedBytes, long chunks) {
        long now = clock.monotonicNanos();
        if (!wanted && now - lookedAtNanos < INTERVAL_NANOS) {
            return;
        }
        wanted = false;
        lookedAtNanos = now;
        try {
            long most = Math.min(sizeBytes, Math.max(0, usedBytes + probe.usableBytes() - minFreeBytes));
            OptionalLong freeFiles = probe.freeFiles();
            limit = freeFiles.isEmpty() ? most : Math.min(most, inFiles(usedBytes, chunks, freeFiles.getAsLong()));
        } catch (IOException e) {
            // Says nothing about space; the calls that need the disk will fail by themselves.
        }
    }

    private static long inFiles(long usedBytes, long chunks, long freeFiles) {
        boolean uncounted = usedBytes > 0 && chunks == 0;
        long more = freeFiles - SPARE_FILES;
        if (uncounted || more > MANY_FILES + chunks / MANY_PART) {
            return Long.MAX_VALUE;
        }
        long mean = chunks == 0 ? FIRST_CHUNK_BYTES : usedBytes / chunks;
        return Math.max(0, chunks + more) * mean;
    }

    /** Whether {@code bytes} are at least this part of the limit. */
    public boolean isFilled(long bytes, int percent) {
        return bytes >= limit * (percent / 100.0);
    }

    /** This percentage of the limit. */
    public long part(int percent) {
        return (long) (limit * (percent / 100.0));
    }
}
