package dev.musicfs.origin.local;

import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Directories that changed, each until it has been quiet for the settle time. One that never gets quiet is handed out
 * all the same when {@code longest} has passed since its first change, and stays dirty, so that its last state is
 * handed out too. For one thread.
 */
final class SettlingChanges {
    /** Long enough for a tagger to finish a file, short enough to seem at once. */
    static final Duration SETTLE = Duration.ofMillis(200);
    /** How long an album that is being copied may stay unseen. */
    static final Duration LONGEST = Duration.ofSeconds(2);

    private final Clock clock;
    private final long settleNanos;
    private final long longestNanos;
    private final Map<RealPath, Span> dirty = new HashMap<>();

    private record Span(long firstNanos, long lastNanos) {}

    SettlingChanges(Clock clock, Duration settle, Duration longest) {
        this.clock = clock;
        this.settleNanos = settle.toNanos();
        this.longestNanos = longest.toNanos();
    }

    /** Something in the directory changed just now. */
    void changed(RealPath directory) {
        long now = clock.monotonicNanos();
        dirty.merge(directory, new Span(now, now), (old, fresh) -> new Span(old.firstNanos, now));
    }

    /** Forgets everything, because everything is about to be listed anew. */
    void clear() {
        dirty.clear();
    }

    /** Takes out what is due. */
    Set<RealPath> takeDue() {
        long now = clock.monotonicNanos();
        Set<RealPath> due = new HashSet<>();
        Iterator<Map.Entry<RealPath, Span>> all = dirty.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<RealPath, Span> one = all.next();
            if (now - one.getValue().lastNanos >= settleNanos) {
                due.add(one.getKey());
                all.remove();
            } else if (now - one.getValue().firstNanos >= longestNanos) {
                due.add(one.getKey());
                one.setValue(new Span(now, one.getValue().lastNanos));
            }
        }
        return due;
    }

    /** Nanoseconds until something may be due, 0 when it is, {@link Long#MAX_VALUE} when nothing is dirty. */
    long nanosUntilDue() {
        long now = clock.monotonicNanos();
        long least = Long.MAX_VALUE;
        for (Span span : dirty.values()) {
            long quiet = settleNanos - (now - span.lastNanos);
            long bounded = longestNanos - (now - span.firstNanos);
            least = Math.min(least, Math.max(0, Math.min(quiet, bounded)));
        }
        return least;
    }
}
