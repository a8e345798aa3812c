package dev.musicfs.vfs;

import dev.musicfs.content.fetch.ReadReply;
import dev.musicfs.content.file.CachedFile;
import dev.musicfs.content.file.ContentVerticle;
import dev.musicfs.content.file.DirectFile;
import dev.musicfs.content.file.ReadRequest;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * One read of an open file. What is on a disk of this machine is read where it is asked for, as far as {@link DiskReads} lets
 * it; all else comes over the event bus and is copied by whoever brings it. No step waits for another on a thread.
 */
final class Reading {
    private final ContentPort port;
    private final DiskReads disks;
    private final Namespace namespace;
    private final OpenFileTable.Entry entry;
    private final long offset;
    private final int size;
    private final ReadTarget target;
    private final Deadline deadline;
    private final Promise<Integer> outcome = Promise.promise();

    /** @param size at most {@link CachedFile#MAX_READ_BYTES} */
    Reading(
            ContentPort port,
            DiskReads disks,
            Namespace namespace,
            OpenFileTable.Entry entry,
            long offset,
            int size,
            ReadTarget target,
            Deadline deadline) {
        this.port = port;
        this.disks = disks;
        this.namespace = namespace;
        this.entry = entry;
        this.offset = offset;
        this.size = size;
        this.target = target;
        this.deadline = deadline;
    }

    /** @param mayBlock whether this thread may wait for a disk */
    Future<Integer> begin(boolean mayBlock) {
        if (entry.file() instanceof DirectFile direct) {
            CachedFile other = direct.fallbackOrNull();
            if (other == null) {
                Runnable task = guarded(() -> direct(direct));
                if (!mayBlock || !disks.tryHere(ContentPort.Disk.ORIGINS, task)) {
                    onWorker(ContentPort.Disk.ORIGINS, task);
                }
            } else {
                cached(other, mayBlock);
            }
        } else {
            cached((CachedFile) entry.file(), mayBlock);
        }
        return outcome.future();
    }

    private void cached(CachedFile file, boolean mayBlock) {
        if (!mayBlock || !disks.tryHere(ContentPort.Disk.STORE, guarded(() -> present(file)))) {
            cachedElsewhere(file);
        }
    }

    /** The same on a thread that may not wait. */
    private void cachedElsewhere(CachedFile file) {
        if (file.isPresent(offset, size)) {
            onWorker(ContentPort.Disk.STORE, guarded(() -> present(file)));
        } else {
            fetch(file, 0);
        }
    }

    private void present(CachedFile file) {
        int read = file.isPresent(offset, size) ? file.readPresentBlocking(target.take(), offset) : CachedFile.MISSING;
        if (read == CachedFile.MISSING) {
            target.giveBack();
            fetch(file, 0);
        } else {
            over(read);
        }
    }

    /** When the disk fails, the other copies of the file go on at the same place. */
    private void direct(DirectFile file) {
        try {
            over(file.readBlocking(target.take(), offset));
        } catch (MusicFsException failure) {
            target.giveBack();
            if (!file.canBeReplacedAfter(failure)) {
                throw failure;
            }
            port.ask(ContentVerticle.FALLBACK, file, DirectFile.class, deadline)
                    .onComplete(opened ->
                            guarded(() -> fellBack(file, failure, opened)).run());
        }
    }

    private void fellBack(DirectFile file, MusicFsException failure, AsyncResult<DirectFile> opened) {
        CachedFile other = file.fallbackOrNull();
        if (other == null) {
            if (opened.failed()) {
                failure.addSuppressed(opened.cause());
            }
            throw failure;
        }
        cachedElsewhere(other);
    }

    /** @param round how often it was asked for in vain; what the store does not give after all then comes from the origin */
    private void fetch(CachedFile file, int round) {
        ByteRange range = new ByteRange(offset, size).within(file.version().sizeBytes());
        if (range.length() == 0) {
            overOnWorker(0);
            return;
        }
        ReadRequest request = new ReadRequest(file, range, round > 1, deadline);
        port.ask(ContentVerticle.READ, request, ReadRequest.class, deadline)
                .onComplete(reply ->
                        guarded(() -> fetched(file, round, request, reply)).run());
    }

    private void fetched(CachedFile file, int round, ReadRequest request, AsyncResult<ReadRequest> reply) {
        if (reply.failed()) {
            request.abandon();
            throw MusicFsException.wrap("The bytes could not be had", reply.cause());
        }
        ReadReply bytes = request.take();
        if (bytes == null) {
            throw new MusicFsException(FailureKind.INTERNAL, "The reply to a read held no bytes.");
        }
        boolean handedOn = false;
        try {
            if (bytes.isInMemory()) {
                take(file, round, bytes, this::overElsewhere);
            } else {
                onWorker(ContentPort.Disk.STORE, guarded(() -> take(file, round, bytes, this::over)));
                handedOn = true;
            }
        } finally {
            if (!handedOn) {
                bytes.close();
            }
        }
    }

    /** What is done with the number of bytes. */
    private interface Over {
        void read(int count);
    }

    private void take(CachedFile file, int round, ReadReply reply, Over over) {
        int read;
        try (reply) {
            read = file.takeBlocking(reply, target.take());
        }
        if (read == CachedFile.MISSING) {
            target.giveBack();
            fetch(file, round + 1);
        } else {
            over.read(read);
        }
    }

    /** The end, on a thread that may not ask the catalog. */
    private void overElsewhere(int read) {
        if (read == size) {
            outcome.tryComplete(read);
        } else {
            overOnWorker(read);
        }
    }

    private void overOnWorker(int read) {
        onWorker(ContentPort.Disk.STORE, guarded(() -> over(read)));
    }

    /**
     * A file whose new version is shown already and is longer fails with {@code STALE} at its old end: the kernel would take
     * that for the end of the new version.
     */
    private void over(int read) {
        if (read < size) {
            long end = offset + read;
            namespace
                    .node(entry.node().id())
                    .filter(now -> now.sizeBytes() > entry.file().version().sizeBytes() && now.sizeBytes() > end)
                    .ifPresent(now -> {
                        throw new MusicFsException(
                                FailureKind.STALE, now.name() + " is open at an older, shorter version.");
                    });
        }
        outcome.tryComplete(read);
    }

    private void onWorker(ContentPort.Disk disk, Runnable task) {
        disks.onWorker(disk, task);
    }

    /** Whatever it throws is the outcome. */
    private Runnable guarded(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (Throwable e) { // a reader must hear of it, whatever it is
                outcome.tryFail(e);
            }
        };
    }
}
