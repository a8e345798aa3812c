package dev.musicfs.chunk.maintain;

import dev.musicfs.chunk.ScrubReport;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.index.IndexLostException;
import dev.musicfs.chunk.ledger.ChunkLedger;
import dev.musicfs.chunk.ledger.StoreCounters;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.WallClock;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Clock;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/**
 * Reads all chunks once in an interval, to find damage before a listener does. The wall clock divides the interval into
 * 256 parts, and each part reads the chunks whose addresses begin with one value of the first byte: so no position needs
 * to be kept, and a machine that runs only in the evening reads different chunks every day.
 */
@WallClock("divides months into parts without keeping a position, and allows for jumps of the clock")
final class Scrubber {
    private static final int PARTS = 256;
    private static final int PACED_BYTES = 1 << 20;
    // At most 20 MB a second.
    private static final int PAUSE_MILLIS = 50;

    private final ChunkLedger ledger;
    private final ChunkFiles files;
    private final Clock clock;
    private volatile long partNanos;
    private final StoreCounters counters;
    private final BooleanSupplier stopped;
    private final IntConsumer between;

    private long nextPart;

    /** {@code between} is called now and then with milliseconds to pause. */
    Scrubber(
            ChunkLedger ledger,
            ChunkFiles files,
            Clock clock,
            Duration interval,
            StoreCounters counters,
            BooleanSupplier stopped,
            IntConsumer between) {
        this.ledger = ledger;
        this.files = files;
        this.clock = clock;
        this.partNanos = interval.toNanos() / PARTS;
        this.counters = counters;
        this.stopped = stopped;
        this.between = between;
        this.nextPart = partNanos > 0 ? clock.wallNanos() / partNanos : 0;
    }

    /** Sets the interval, from the next part on. */
    void interval(Duration interval) {
        partNanos = interval.toNanos() / PARTS;
    }

    /** Reads the chunks of the present part, slowly. */
    void runDueBlocking() {
        long nanos = partNanos;
        if (nanos <= 0) {
            return;
        }
        long part = clock.wallNanos() / nanos;
        // The clock was put back, or the machine slept for long.
        if (nextPart > part + 1 || nextPart <= part - PARTS) {
            nextPart = part;
        }
        if (nextPart > part) {
            return;
        }
        ChunkLedger.LiveIndex live = ledger.live();
        if (live == null) {
            return;
        }
        long first = nextPart;
        long count = part - first + 1;
        nextPart = part + 1;
        Round round = new Round(stopped, done -> {}, PAUSE_MILLIS);
        try {
            // Taken from the index, since a walk over the files would open each.
            live.index().forEach((chunk, entry) -> {
                if (Math.floorMod((chunk.word0() >>> 56) - first, PARTS) < count) {
                    round.visit(chunk, entry.fileBytes());
                }
            });
        } catch (CancellationException e) {
            // The store is being closed.
        } catch (IndexLostException e) {
            ledger.lost(live, e);
        }
    }

    /** Reads all chunks, as fast as it goes. */
    ScrubReport runAllBlocking(BooleanSupplier cancelled, LongConsumer progress) {
        Round round = new Round(() -> stopped.getAsBoolean() || cancelled.getAsBoolean(), progress, 0);
        boolean complete = false;
        try {
            files.forEachBlocking(found -> round.visit(found.chunk(), found.fileBytes()));
            complete = true;
        } catch (CancellationException e) {
            // Says so in the report.
        }
        return new ScrubReport(round.chunks, round.bytes, round.damaged, complete);
    }

    private final class Round {
        private final BooleanSupplier cancelled;
        private final LongConsumer progress;
        private final int pauseMillis;
        private long chunks;
        private long bytes;
        private long damaged;
        private long unpaced;

        Round(BooleanSupplier cancelled, LongConsumer progress, int pauseMillis) {
            this.cancelled = cancelled;
            this.progress = progress;
            this.pauseMillis = pauseMillis;
        }

        void visit(ChunkId chunk, long fileBytes) {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException();
            }
            try {
                files.verifyBlocking(chunk);
            } catch (MusicFsException e) {
                if (e.kind() == FailureKind.CORRUPT) {
                    damaged++;
                    counters.corruptions.increment();
                    ledger.removeBlocking(chunk);
                } else if (e.kind() == FailureKind.NOT_FOUND) {
                    ledger.forgetIfGoneBlocking(chunk);
                } else {
                    throw e;
                }
            }
            chunks++;
            bytes += fileBytes;
            progress.accept(chunks);
            unpaced += fileBytes;
            if (unpaced >= PACED_BYTES) {
                unpaced = 0;
                between.accept(pauseMillis);
            }
        }
    }
}
