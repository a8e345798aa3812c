package dev.musicfs.chunk.maintain;

import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.index.IndexLostException;
import dev.musicfs.chunk.ledger.AccessTimes;
import dev.musicfs.chunk.ledger.ChunkLedger;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Clock;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes access times to the index, in batches or once a minute, and to the files. For one thread at a time. */
final class AccessTimeWriter {
    private static final Logger LOG = LoggerFactory.getLogger(AccessTimeWriter.class);
    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final ChunkLedger ledger;
    private final ChunkFiles files;
    private final AccessTimes uses;
    private final Clock clock;
    private long writtenNanos;

    AccessTimeWriter(ChunkLedger ledger, ChunkFiles files, AccessTimes uses, Clock clock) {
        this.ledger = ledger;
        this.files = files;
        this.uses = uses;
        this.clock = clock;
        this.writtenNanos = clock.monotonicNanos();
    }

    /** Writes what is due, or {@code all}. */
    void writeBlocking(boolean all) {
        long now = clock.monotonicNanos();
        if (!all && !uses.isBatch() && now - writtenNanos < INTERVAL_NANOS) {
            return;
        }
        writtenNanos = now;
        ChunkLedger.LiveIndex live = ledger.live();
        while (live != null && !uses.isEmpty()) {
            Map<ChunkId, Long> batch = uses.batch();
            try {
                live.index().touch(batch);
            } catch (IndexLostException e) {
                ledger.lost(live, e);
                return;
            }
            batch.forEach(this::touchBlocking);
            uses.written(batch);
        }
    }

    /** The order of eviction outlives the index too. */
    private void touchBlocking(ChunkId chunk, long wallNanos) {
        try {
            files.touchBlocking(chunk, wallNanos);
        } catch (MusicFsException e) {
            LOG.debug("The use of a chunk could not be noted at its file", e);
        }
    }
}
