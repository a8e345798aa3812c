package dev.musicfs.chunk.ledger;

import dev.musicfs.chunk.disk.SpaceProbe;
import dev.musicfs.runtime.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What the chunk files may take: the least of the size that is set, what the free space on the disk allows, and, once files
 * become scarce there, what as many chunks as it takes have on average.
 */
public final class SpaceLimit {
    /** Files left to others, and to the directories that new chunks may need. */
    public static final int SPARE_FILES = 32;

    /** With more to come than this and a part of what is there, files are not what runs out: a mean says little of few. */
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

    /** As of the last look. What the store itself wrote since has not changed it. */
    public long bytes() {
        return limit;
    }

    /** Other bounds from now on; what they allow is known with the next look, which is not put off. */
    public void change(long size, long minFree) {
        sizeBytes = size;
        minFreeBytes = minFree;
        limit = Math.min(limit, size);
        lookAgain();
    }

    /** The next call of {@link #lookBlocking} looks, however soon. */
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

    /** Whether so many bytes are at least this part of what is allowed. */
    public boolean isFilled(long bytes, int percent) {
        return bytes >= limit * (percent / 100.0);
    }

    /** So many percent of what is allowed. */
    public long part(int percent) {
        return (long) (limit * (percent / 100.0));
    }
}
