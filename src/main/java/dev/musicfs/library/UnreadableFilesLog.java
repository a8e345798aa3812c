package dev.musicfs.library;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.OriginEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs files that cannot be read: each version of a file once rather than at every poll, and no more than a few in one
 * round, since whatever befell many files is one trouble. For one thread.
 */
final class UnreadableFilesLog {
    private static final Logger LOG = LoggerFactory.getLogger(UnreadableFilesLog.class);
    private static final int REMEMBERED = 1_000;
    private static final int MOST_A_ROUND = 20;

    private final OriginId origin;
    private final Cache<OriginEntry, Boolean> known = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build();
    private int thisRound;

    UnreadableFilesLog(OriginId origin) {
        this.origin = origin;
    }

    void beginRound() {
        thisRound = 0;
    }

    void unreadable(OriginEntry entry, Throwable failure) {
        if (known.asMap().putIfAbsent(entry, true) == null && mayLog()) {
            LOG.warn("Origin {}: cannot read {}: {}", origin, entry.path(), failure.getMessage());
        }
    }

    void damaged(OriginEntry entry, Throwable failure) {
        if (mayLog()) {
            LOG.warn(
                    "Origin {}: {} is damaged and is shown under its own name: {}",
                    origin,
                    entry.path(),
                    failure.getMessage());
        }
    }

    private boolean mayLog() {
        thisRound++;
        if (thisRound == MOST_A_ROUND + 1) {
            LOG.warn("Origin {}: further files that cannot be read are only counted in this round", origin);
        }
        return thisRound <= MOST_A_ROUND;
    }
}
