package dev.musicfs.chunk;

import dev.musicfs.chunk.ChunkIndex.Entry;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** Compares index and files, and each file's bytes with its address. On one thread. */
final class StoreCheck {
    private final ChunkFiles files;
    private final ChunkBook book;
    private final AtomicLong corruptions;
    private final boolean repair;
    private final boolean readBytes;

    private final List<String> problems = new ArrayList<>();
    private long checked;
    private long checkedBytes;
    private long damaged;
    private long missing;
    private long orphans;
    private long wrongSizes;
    private long repaired;

    /**
     * @param repair whether what is wrong is put right
     * @param readBytes whether all bytes are read, or only names, lengths and headers looked at
     */
    StoreCheck(ChunkFiles files, ChunkBook book, AtomicLong corruptions, boolean repair, boolean readBytes) {
        this.files = files;
        this.book = book;
        this.corruptions = corruptions;
        this.repair = repair;
        this.readBytes = readBytes;
    }

    /** All files, then all entries; a part at a time, so nothing grows with their number. */
    VerifyReport runBlocking(BooleanSupplier cancelled, LongConsumer progress) {
        boolean stopped = false;
        for (int shard = 0; shard < ChunkFiles.SHARDS && !stopped; shard++) {
            for (ChunkId chunk : files.namesBlocking(shard)) {
                stopped = cancelled.getAsBoolean();
                if (stopped) {
                    break;
                }
                fileBlocking(chunk);
                progress.accept(checked);
            }
        }
        if (!stopped) {
            book.forEach((chunk, entry) -> entryBlocking(chunk));
        }
        return new VerifyReport(
                checked, checkedBytes, damaged, missing, orphans, wrongSizes, repaired, stopped, problems);
    }

    /** One chunk of which there was a file. */
    void fileBlocking(ChunkId chunk) {
        book.alone(chunk, () -> {
            if (!files.existsBlocking(chunk)) {
                return true;
            }
            checked++;
            Optional<Entry> entry = book.get(chunk);
            if (isDamagedBlocking(chunk)) {
                damaged++;
                corruptions.incrementAndGet();
                found("chunk " + chunk + " is damaged");
                repaired(() -> {
                    files.deleteBlocking(chunk);
                    book.remove(chunk);
                });
            } else if (entry.isPresent()) {
                checkedBytes += entry.get().fileBytes();
                sizeBlocking(chunk, entry.get());
            } else {
                orphans++;
                found("chunk " + chunk + " is on the disk and not in the index");
                repaired(() -> files.inspectBlocking(chunk).ifPresent(this::adopt));
            }
            return true;
        });
    }

    private void entryBlocking(ChunkId chunk) {
        if (files.existsBlocking(chunk)) {
            return;
        }
        book.alone(chunk, () -> {
            if (book.get(chunk).isPresent() && !files.existsBlocking(chunk)) {
                missing++;
                found("chunk " + chunk + " is in the index and not on the disk");
                repaired(() -> book.remove(chunk));
            }
            return true;
        });
    }

    private void sizeBlocking(ChunkId chunk, Entry entry) {
        files.inspectBlocking(chunk)
                .filter(file -> file.fileBytes() != entry.fileBytes())
                .ifPresent(file -> {
                    wrongSizes++;
                    found("chunk " + chunk + " has " + file.fileBytes() + " bytes on the disk and " + entry.fileBytes()
                            + " in the index");
                    repaired(() -> book.change(
                            chunk, old -> new Entry(file.fileBytes(), file.tier(), old.pinned(), old.lastUseNanos())));
                });
    }

    private void adopt(ChunkFiles.Found file) {
        book.enter(file.chunk(), new Entry(file.fileBytes(), file.tier(), false, file.modifiedNanos()), 0);
    }

    private boolean isDamagedBlocking(ChunkId chunk) {
        if (!readBytes) {
            return false;
        }
        try {
            files.verifyBlocking(chunk);
            return false;
        } catch (MusicFsException e) {
            if (e.kind() == FailureKind.CORRUPT || e.kind() == FailureKind.NOT_FOUND) {
                return true;
            }
            throw e;
        }
    }

    private void repaired(Runnable work) {
        if (repair) {
            work.run();
            repaired++;
        }
    }

    private void found(String problem) {
        if (problems.size() < VerifyReport.MAX_PROBLEMS) {
            problems.add(problem + ".");
        }
    }
}
