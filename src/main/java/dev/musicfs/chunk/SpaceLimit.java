package dev.musicfs.chunk;

import dev.musicfs.runtime.Clock;
import java.io.IOException;
import java.time.Duration;

/** What the chunk files may take: the least of the size that is set and what the free space on the disk allows. */
final class SpaceLimit {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final SpaceProbe probe;
    private final Clock clock;

    private volatile long sizeBytes;
    private volatile long minFreeBytes;
    private volatile long limit;
    private volatile boolean wanted = true;
    private volatile long lookedAtNanos;

    SpaceLimit(long sizeBytes, long minFreeBytes, SpaceProbe probe, Clock clock) {
        this.sizeBytes = sizeBytes;
        this.minFreeBytes = minFreeBytes;
        this.probe = probe;
        this.clock = clock;
        this.limit = sizeBytes;
    }

    /** As of the last look. What the store itself wrote since has not changed it. */
    long bytes() {
        return limit;
    }

    /** Other bounds from now on; what they allow is known with the next look, which is not put off. */
    void change(long size, long minFree) {
        sizeBytes = size;
        minFreeBytes = minFree;
        limit = Math.min(limit, size);
        lookAgain();
    }

    /** The next call of {@link #lookBlocking} looks, however soon. */
    void lookAgain() {
        wanted = true;
    }

    /** Looks at the disk, at most once a second unless asked to; for one thread. */
    void lookBlocking(long usedBytes) {
        long now = clock.monotonicNanos();
        if (!wanted && now - lookedAtNanos < INTERVAL_NANOS) {
            return;
        }
        wanted = false;
        lookedAtNanos = now;
        try {
            limit = Math.min(sizeBytes, Math.max(0, usedBytes + probe.usableBytes() - minFreeBytes));
        } catch (IOException e) {
            // Says nothing about space; the calls that need the disk will fail by themselves.
        }
    }

    /** Whether so many bytes are at least this part of what is allowed. */
    boolean isFilled(long bytes, int percent) {
        return bytes >= limit * (percent / 100.0);
    }

    /** So many percent of what is allowed. */
    long part(int percent) {
        return (long) (limit * (percent / 100.0));
    }
}
