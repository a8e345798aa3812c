package dev.musicfs.chunk.maintain;

import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.chunk.disk.ChunkFiles;
import dev.musicfs.chunk.disk.ChunkFiles.Found;
import dev.musicfs.chunk.index.ChunkIndex.Entry;
import dev.musicfs.chunk.index.ChunkIndex.Lost;
import dev.musicfs.chunk.ledger.Account;
import dev.musicfs.chunk.ledger.Holdings;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * One walk over all chunk files, after which index and account agree with them: files without entry are adopted, entries
 * without file dropped, sizes corrected, sums true. Fills a new index the same way. Chunks come and go meanwhile; each is
 * counted once. One at a time.
 */
final class Count {
    /** Called after each file; may pause, or do what is more urgent. */
    @FunctionalInterface
    interface Between {
        void filesBlocking();
    }

    private final Holdings holdings;
    private final Account account;
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
    Count(
            Holdings holdings,
            Account account,
            ChunkFiles files,
            boolean verify,
            boolean repair,
            BooleanSupplier cancelled,
            LongConsumer progress,
            Between between) {
        this.holdings = holdings;
        this.account = account;
        this.files = files;
        this.verify = verify;
        this.repair = repair;
        this.cancelled = cancelled;
        this.progress = progress;
        this.between = between;
    }

    VerifyReport runBlocking() {
        Holdings.Live live = holdings.live();
        boolean complete = false;
        try {
            complete = live != null && walk(live);
        } catch (CancellationException e) {
            // Says so in the report.
        } catch (Lost e) {
            holdings.lost(live, e);
        } finally {
            if (repair && !complete) {
                account.abortCount();
            }
        }
        long repaired = repair && complete ? danglers + orphans + wrongSizes + deleted : deleted;
        return new VerifyReport(chunks, bytes, damaged, danglers, orphans, wrongSizes, repaired, complete);
    }

    private boolean walk(Holdings.Live live) throws Lost {
        if (repair) {
            account.beginCount();
            if (!holdings.passAllChanges()) {
                return false;
            }
        }
        files.forEachBlocking(found -> {
            checkGoesOn(live);
            visit(live, found);
            progress.accept(++chunks);
            between.filesBlocking();
        });
        int round = account.round();
        live.index().forEach((chunk, entry) -> {
            checkGoesOn(live);
            visitEntry(chunk, entry, round);
        });
        checkGoesOn(live);
        return !repair || account.endCount(live.generation());
    }

    private void checkGoesOn(Holdings.Live live) {
        if (cancelled.getAsBoolean() || !live.isSame(holdings.live())) {
            throw new CancellationException();
        }
    }

    private void visit(Holdings.Live live, Found found) {
        bytes += found.fileBytes();
        if (verify && isDamaged(found.chunk())) {
            damaged++;
            if (repair) {
                holdings.removeBlocking(found.chunk());
                deleted++;
                return;
            }
        }
        switch (repair ? holdings.countBlocking(found) : compare(live, found)) {
            case ORPHAN -> orphans++;
            case WRONG_SIZE -> wrongSizes++;
            case EQUAL, NO_FILE -> {}
        }
    }

    private void visitEntry(ChunkId chunk, Entry entry, int round) {
        if (repair) {
            if (entry.round() != round && holdings.countUnmetBlocking(chunk)) {
                danglers++;
            }
        } else if (!files.existsBlocking(chunk)) {
            danglers++;
        }
    }

    private Holdings.Agreement compare(Holdings.Live live, Found found) {
        try {
            Optional<Entry> entry = live.index().get(found.chunk());
            if (entry.isEmpty()) {
                return files.existsBlocking(found.chunk()) ? Holdings.Agreement.ORPHAN : Holdings.Agreement.NO_FILE;
            }
            return entry.get().fileBytes() == found.fileBytes()
                    ? Holdings.Agreement.EQUAL
                    : Holdings.Agreement.WRONG_SIZE;
        } catch (Lost e) {
            holdings.lost(live, e);
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
