package dev.musicfs.chunk.store;

import dev.musicfs.chunk.disk.StoreDirectory;
import dev.musicfs.chunk.ledger.SizeReservation;
import dev.musicfs.chunk.ledger.SpaceAccounting;
import dev.musicfs.chunk.ledger.SpaceLimit;
import dev.musicfs.chunk.maintain.StoreMaintainer;
import dev.musicfs.chunk.maintain.StoreParts;
import dev.musicfs.failure.MusicFsException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a store's directory, and tries again until that succeeds. One thread tries; any may ask for the outcome. */
final class StoreOpener {
    private static final Logger LOG = LoggerFactory.getLogger(StoreOpener.class);
    private static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

    private final StoreParts parts;
    private final StoreDirectory directory;
    private final SpaceAccounting accounting;
    private final SpaceLimit limit;
    private final SizeReservation reservation;
    private final StoreMaintainer maintainer;

    private volatile long sizeBytes;
    private volatile boolean done;
    private volatile boolean tried;
    private volatile String trouble = "";
    private long triedAtNanos;

    /** Touches no disk. */
    StoreOpener(
            StoreParts parts,
            SpaceAccounting accounting,
            SpaceLimit limit,
            SizeReservation reservation,
            StoreMaintainer maintainer) {
        this.parts = parts;
        this.directory = new StoreDirectory(parts.directory());
        this.accounting = accounting;
        this.limit = limit;
        this.reservation = reservation;
        this.maintainer = maintainer;
        this.sizeBytes = parts.config().sizeBytes();
    }

    /** For a store of another size from now on. */
    void resize(long bytes) {
        sizeBytes = bytes;
    }

    /** Opens it unless its size is 0. A failure is kept as {@link #trouble}, and logged when it is another than the last. */
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

    /** Whether opening has been tried at least once. */
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
        long most = reservation.loadBlocking(used ? sizeBytes : 0);
        sweepBlocking();
        maintainer.openBlocking(most);
        limit.lookBlocking(accounting.usedBytes(), accounting.countedChunks());
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
