package dev.musicfs.chunk;

import dev.musicfs.config.CacheConfig;
import java.io.IOException;

/** What the store may hold at present: never more than configured, and so that enough stays free on the disk. */
final class StoreLimit {
    /** Shares of the limit at which something begins, in percent. */
    static final int EVICTING = 90;

    static final int PRESSED = 95;
    static final int FULL = 99;
    /** Evicting ends here. */
    static final int ENOUGH = 88;

    /** Bytes that can still be written on the disk. Blocks. */
    @FunctionalInterface
    interface SpaceProbe {
        long usableBytesBlocking() throws IOException;
    }

    private final CacheConfig config;
    private final Ledger ledger;
    private final SpaceProbe space;
    private volatile long limitBytes;

    StoreLimit(CacheConfig config, Ledger ledger, SpaceProbe space) {
        this.config = config;
        this.ledger = ledger;
        this.space = space;
        this.limitBytes = config.sizeBytes();
    }

    /** In bytes. */
    long bytes() {
        return limitBytes;
    }

    /** Asks the disk. What is unknown stays as it was. */
    void refreshBlocking() {
        try {
            long usable = space.usableBytesBlocking();
            long room = ledger.sums().usedBytes() + usable - config.minFreeBytes();
            limitBytes = Math.max(0, Math.min(config.sizeBytes(), room));
        } catch (IOException e) {
            // The disk's watch judges the disk.
        }
    }

    /** The disk was full before the limit was reached: what is used now is the limit until the disk is asked again. */
    void reached() {
        limitBytes = Math.min(limitBytes, ledger.sums().usedBytes());
    }

    /** The share of the limit that is used, in percent; 100 when nothing may be held. */
    int fillPercent() {
        long limit = limitBytes;
        return limit <= 0 ? 100 : (int) Math.min(100, ledger.committedBytes() * 100.0 / limit);
    }

    StoreState state() {
        int fill = fillPercent();
        if (fill >= FULL) {
            return StoreState.FULL;
        }
        if (fill >= PRESSED) {
            return StoreState.PRESSED;
        }
        return fill >= EVICTING ? StoreState.EVICTING : StoreState.NORMAL;
    }

    /** How many bytes too many there are once evicting has begun. */
    long excessBytes() {
        return ledger.sums().usedBytes() - limitBytes / 100 * ENOUGH;
    }
}
