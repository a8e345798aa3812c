package dev.musicfs.chunk.store;

import dev.musicfs.chunk.disk.StoreDirectory;
import dev.musicfs.chunk.ledger.Account;
import dev.musicfs.chunk.ledger.Ceiling;
import dev.musicfs.chunk.ledger.SpaceLimit;
import dev.musicfs.chunk.maintain.StoreParts;
import dev.musicfs.chunk.maintain.Upkeep;
import dev.musicfs.failure.MusicFsException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The opening of a store's directory, tried again until it succeeds. One thread tries; any may ask what came of it. */
final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
    private static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

    private final StoreParts parts;
    private final StoreDirectory directory;
    private final Account account;
    private final SpaceLimit limit;
    private final Ceiling ceiling;
    private final Upkeep upkeep;

    private volatile long sizeBytes;
    private volatile boolean done;
    private volatile boolean tried;
    private volatile String trouble = "";
    private long triedAtNanos;

    /** Touches no disk. */
    Opening(StoreParts parts, Account account, SpaceLimit limit, Ceiling ceiling, Upkeep upkeep) {
        this.parts = parts;
        this.directory = new StoreDirectory(parts.directory());
        this.account = account;
        this.limit = limit;
        this.ceiling = ceiling;
        this.upkeep = upkeep;
        this.sizeBytes = parts.config().sizeBytes();
    }

    /** For a store of another size from now on. */
    void resize(long bytes) {
        sizeBytes = bytes;
    }

    /** Opens it unless it has no size; what keeps it from that is {@link #trouble}, and logged when it is another. */
    void tryBlocking() {
        triedAtNanos = parts.clock().monotonicNanos();
        try {
            if (parts.config().sizeBytes() > 0) {
                openBlocking();
                done = true;
                trouble = "";
            }
        } catch (MusicFsException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(trouble)) {
                LOG.warn("Everything is read from the origins: {}", reason);
            }
            trouble = reason;
        } finally {
            tried = true;
        }
    }

    /** Whether it was opened. */
    boolean isDone() {
        return done;
    }

    /** Whether it is known if it can be opened. */
    boolean isTried() {
        return tried;
    }

    /** Whether it is time to try again. For the thread that tries. */
    boolean isDue() {
        return !done && parts.clock().monotonicNanos() - triedAtNanos >= INTERVAL_NANOS;
    }

    /** Why it could not be opened, in a sentence; empty when it could or has not been tried. */
    Optional<String> trouble() {
        return Optional.of(trouble).filter(reason -> !reason.isEmpty());
    }

    private void openBlocking() {
        boolean used = directory.prepareBlocking();
        long most = ceiling.loadBlocking(used ? sizeBytes : 0);
        sweepBlocking();
        upkeep.openBlocking(most);
        limit.lookBlocking(account.usedBytes(), account.countedChunks());
    }

    private void sweepBlocking() {
        try {
            int swept = parts.files().sweepBlocking();
            if (swept > 0) {
                LOG.info("{} unfinished chunks deleted", swept);
            }
        } catch (MusicFsException e) {
            LOG.debug("Unfinished chunks could not be deleted", e);
        }
    }
}
