package dev.musicfs.origin.replica;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.EventAddresses;
import dev.musicfs.runtime.Events;
import java.time.Duration;

/**
 * The copies that are not as expected. One that changed since is another version, of which nothing is known. For any
 * thread.
 */
final class SuspectCopies {
    private static final Duration FOR_GOOD = Duration.ofNanos(Long.MAX_VALUE);

    private final Events events;
    private final Cache<Key, Suspicion> suspicions;

    /**
     * Suspects none.
     *
     * @param recheckAfter when a copy that was not as expected is given another chance; one with wrong bytes never is
     * @param limit how many copies are remembered at most
     */
    SuspectCopies(Clock clock, Events events, Duration recheckAfter, int limit) {
        this.events = events;
        this.suspicions = Caffeine.newBuilder()
                .maximumSize(limit)
                .executor(Runnable::run)
                .ticker(clock::monotonicNanos)
                .expireAfter(Expiry.<Key, Suspicion>writing(
                        (copy, suspicion) -> suspicion == Suspicion.WRONG_BYTES ? FOR_GOOD : recheckAfter))
                .build();
    }

    private record Key(OriginId origin, RealPath path, FileVersion version) {
        static Key of(Copy copy) {
            return new Key(copy.origin(), copy.path(), copy.version());
        }
    }

    private enum Suspicion {
        WRONG_BYTES,
        NOT_AS_EXPECTED
    }

    /** It gave bytes that are wrong, which is for good. */
    void addWrongBytes(Copy copy, String why) {
        if (suspicions.asMap().put(Key.of(copy), Suspicion.WRONG_BYTES) == null) {
            report(copy, why);
        }
    }

    /** It is missing, of another length or of another version, which may be remedied. */
    void addNotAsExpected(Copy copy, String why) {
        if (suspicions.asMap().putIfAbsent(Key.of(copy), Suspicion.NOT_AS_EXPECTED) == null) {
            report(copy, why);
        }
    }

    /** It was looked at again and is as expected. */
    void forgive(Copy copy) {
        suspicions.invalidate(Key.of(copy));
    }

    /** Whether it is known to give wrong bytes. */
    boolean hasWrongBytes(Copy copy) {
        return suspicions.getIfPresent(Key.of(copy)) == Suspicion.WRONG_BYTES;
    }

    /** Whether there is a reason to ask any other copy before it. */
    boolean isSuspect(Copy copy) {
        return suspicions.getIfPresent(Key.of(copy)) != null;
    }

    int size() {
        suspicions.cleanUp();
        return Math.toIntExact(suspicions.estimatedSize());
    }

    private void report(Copy copy, String why) {
        events.publish(
                EventAddresses.COPY_SUSPECTED,
                new CopySuspected(copy.origin().value(), copy.path().value(), why));
    }
}
