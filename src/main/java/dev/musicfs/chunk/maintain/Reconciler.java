package dev.musicfs.chunk.maintain;

import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.disk.ChunkFiles.Found;
import dev.musicfs.chunk.index.IndexEntry;
import dev.musicfs.chunk.index.IndexLostException;
import dev.musicfs.chunk.ledger.ChunkLedger;
import dev.musicfs.chunk.ledger.SpaceAccounting;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Walks over all chunk files, after which index and accounting agree with them: files without an entry are adopted, entries
 * without a file dropped, sizes corrected, sums true. A new index is filled the same way. Chunks may come and go meanwhile;
 * each is counted once. One walk at a time.
 */
final class Reconciler {
    /** Called after each file; may pause, or do what is more urgent. */
    @FunctionalInterface
    interface Between {
        void filesBlocking();
    }

    private final ChunkLedger ledger;
    private final SpaceAccounting accounting;
    private final ChunkFiles files;
    private final boolean verify;
    private final boolean repair;
    private final BooleanSupplier cancelled;
    private final LongConsumer progress;
    private final Between between;

    private long chunks;
    private long bytes;
    private long damaged;
    private long danglers;
    private long orphans;
    private long wrongSizes;
    private long deleted;

    /** To make it so ({@code repair}) or only to find what is not; {@code verify} reads every byte as well. */
    Reconciler(
            ChunkLedger ledger,
            SpaceAccounting accounting,
            ChunkFiles files,
            boolean verify,
            boolean repair,
            BooleanSupplier cancelled,
            LongConsumer progress,
            Between between) {
        this.ledger = ledger;
        this.accounting = accounting;
        this.files = files;
        this.verify = verify;
        this.repair = repair;
        this.cancelled = cancelled;
        this.progress = progress;
        this.between = between;
    }

    VerifyReport runBlocking() {
        ChunkLedger.LiveIndex live = ledger.live();
        boolean complete = false;
        try {
            complete = live != null && walk(live);
        } catch (CancellationException e) {
            // Says so in the report.
        } catch (IndexLostException e) {
            ledger.lost(live, e);
        } finally {
            if (repair && !complete) {
                accounting.abortCount();
            }
        }
        long repaired = repair && complete ? danglers + orphans + wrongSizes + deleted : deleted;
        return new VerifyReport(chunks, bytes, damaged, danglers, orphans, wrongSizes, repaired, complete);
    }

    private boolean walk(ChunkLedger.LiveIndex live) throws IndexLostException {
        if (repair) {
            accounting.beginCount();
            if (!ledger.passAllChanges()) {
                return false;
            }
        }
        files.forEachBlocking(found -> {
            checkGoesOn(live);
            visit(live, found);
            progress.accept(++chunks);
            between.filesBlocking();
        });
        int round = accounting.round();
        live.index().forEach((chunk, entry) -> {
            checkGoesOn(live);
            visitEntry(chunk, entry, round);
        });
        checkGoesOn(live);
        return !repair || accounting.endCount(live.generation());
    }

    private void checkGoesOn(ChunkLedger.LiveIndex live) {
        if (cancelled.getAsBoolean() || !live.isSame(ledger.live())) {
            throw new CancellationException();
        }
    }

    private void visit(ChunkLedger.LiveIndex live, Found found) {
        bytes += found.fileBytes();
        if (verify && isDamaged(found.chunk())) {
            damaged++;
            if (repair) {
                ledger.removeBlocking(found.chunk());
                deleted++;
                return;
            }
        }
        switch (repair ? ledger.countBlocking(found) : compare(live, found)) {
            case ORPHAN -> orphans++;
            case WRONG_SIZE -> wrongSizes++;
            case EQUAL, NO_FILE -> {}
        }
    }

    private void visitEntry(ChunkId chunk, IndexEntry entry, int round) {
        if (repair) {
            if (entry.round() != round && ledger.countUnmetBlocking(chunk)) {
                danglers++;
            }
        } else if (!files.existsBlocking(chunk)) {
            danglers++;
        }
    }

    private ChunkLedger.Agreement compare(ChunkLedger.LiveIndex live, Found found) {
        try {
            Optional<IndexEntry> entry = live.index().get(found.chunk());
            if (entry.isEmpty()) {
                return files.existsBlocking(found.chunk())
                        ? ChunkLedger.Agreement.ORPHAN
                        : ChunkLedger.Agreement.NO_FILE;
            }
            return entry.get().fileBytes() == found.fileBytes()
                    ? ChunkLedger.Agreement.EQUAL
                    : ChunkLedger.Agreement.WRONG_SIZE;
        } catch (IndexLostException e) {
            ledger.lost(live, e);
            throw new CancellationException();
        }
    }

    private boolean isDamaged(ChunkId chunk) {
        try {
            files.verifyBlocking(chunk);
            return false;
        } catch (MusicFsException e) {
            if (e.kind() == FailureKind.CORRUPT) {
                return true;
            }
            if (e.kind() == FailureKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
