package dev.musicfs.content.file;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.content.fetch.ReadAhead;
import dev.musicfs.content.fetch.ReadReply;
import dev.musicfs.content.plan.BlockAddresses;
import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is read through the chunk store. What is stored is read on the calling thread; everything else goes through
 * {@link ContentVerticle#READ}. No failure of the store reaches a reader.
 */
public final class CachedFile implements OpenFile {
    /** In place of a length: some of what is wanted is not in the store. */
    public static final int MISSING = -1;
    /** The most that one {@link ReadRequest} may ask for: 1 MiB. */
    public static final int MAX_READ_BYTES = 1 << 20;

    /** As much as the kernel's first request asks for, which then needs no second round trip. */
    private static final long HEAD_BYTES = 128 << 10;

    private static final Logger log = LoggerFactory.getLogger(CachedFile.class);

    private final SharedFile file;
    private final ReadAhead ahead;
    private final ChunkStore store;
    private final boolean readsAhead;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile int lastNoticed = -1;

    /** Opens it; to be called on the loop. */
    CachedFile(SharedFile file) {
        this.file = file;
        this.store = file.pipeline().parts().store();
        long aheadBytes = file.pipeline().readAheadBytes();
        this.readsAhead = aheadBytes > 0;
        this.ahead = new ReadAhead(aheadBytes);
        file.open(ahead);
    }

    /**
     * Fills {@code dst} from {@code offset} as far as the file goes, if all of that is in the store. Blocks on the
     * store's disk. Fails with {@code STALE} when its bytes were found to be those of another version.
     *
     * @return how many bytes were read, 0 at or past the end; {@link #MISSING} when something is not there, and then the
     *     position of {@code dst} has not moved
     */
    public int readPresentBlocking(ByteBuffer dst, long offset) {
        file.requireUsable();
        long end = Math.min(offset + dst.remaining(), version().sizeBytes());
        if (offset >= end) {
            return 0;
        }
        BlockAddresses addresses = file.addressesOrNull();
        if (addresses == null || !isPresent(offset, dst.remaining())) {
            return MISSING;
        }
        BlockPlan plan = addresses.plan();
        int first = plan.blockAt(offset);
        int last = plan.blockAt(end - 1);
        int before = dst.position();
        long at = offset;
        for (int block = first; block <= last; block++) {
            long start = plan.range(block).offset();
            int length = (int) (Math.min(end, plan.range(block).end()) - at);
            ChunkId chunk = addresses.stored(block);
            if (chunk == null || !readBlocking(addresses, block, chunk, (int) (at - start), dst, length)) {
                dst.position(before);
                return MISSING;
            }
            at += length;
        }
        file.pipeline().counters().hits.increment();
        notice(plan, first, last);
        return (int) (end - offset);
    }

    /**
     * Whether {@link #readPresentBlocking} is likely to give these bytes, as far as that is known without asking the disk. For
     * any thread; does not block.
     */
    public boolean isPresent(long offset, int length) {
        long end = Math.min(offset + length, version().sizeBytes());
        if (offset >= end) {
            return true;
        }
        BlockAddresses addresses = file.addressesOrNull();
        if (addresses == null || !store.state().readable()) {
            return false;
        }
        BlockPlan plan = addresses.plan();
        int last = plan.blockAt(end - 1);
        for (int block = plan.blockAt(offset); block <= last; block++) {
            if (addresses.stored(block) == null) {
                return false;
            }
        }
        return true;
    }

    /**
     * Copies the bytes of a reply, or what has come into the store meanwhile, behind the position of {@code dst}, and closes
     * the reply.
     *
     * @return how many bytes; {@link #MISSING} when the store did not have them after all, and then the position of
     *     {@code dst} has not moved
     */
    public int takeBlocking(ReadReply reply, ByteBuffer dst) {
        try (reply) {
            return copyBlocking(reply, dst);
        }
    }

    private int copyBlocking(ReadReply reply, ByteBuffer dst) {
        int before = dst.position();
        boolean missing = false;
        for (ReadReply.Segment segment : reply.segments()) {
            if (segment instanceof ReadReply.Fetched fetched) {
                dst.put(fetched.piece().bytes(fetched.offset(), fetched.length()));
            } else if (segment instanceof ReadReply.Stored stored
                    && !readBlocking(
                            file.addresses(), stored.block(), stored.chunk(), stored.offset(), dst, stored.length())) {
                // Goes on, so that the next request knows of all that is missing.
                missing = true;
                dst.position(dst.position() + stored.length());
            }
        }
        int read = dst.position() - before;
        if (missing) {
            dst.position(before);
        }
        return missing ? MISSING : read;
    }

    /**
     * Makes sure that the file can be read: when nothing of it is stored its head is fetched, which the program that
     * opens it will read next. A program that cannot open a file goes on to the next, while one that cannot read the
     * first bytes of an open file may not: MPD with io_uring then waits for ever. Fails as reading does, and the file is closed then.
     */
    Future<CachedFile> begun(Deadline deadline) {
        BlockAddresses known = file.addressesOrNull();
        if (version().sizeBytes() == 0 || (known != null && !known.nothingStored())) {
            return Future.succeededFuture(this);
        }
        ByteRange head = new ByteRange(0, HEAD_BYTES).within(version().sizeBytes());
        return read(head, false, deadline)
                .map(reply -> {
                    reply.close();
                    return this;
                })
                .onFailure(failure -> close());
    }

    private boolean readBlocking(
            BlockAddresses addresses, int block, ChunkId chunk, int offset, ByteBuffer dst, int length) {
        int position = dst.position();
        int limit = dst.limit();
        try {
            dst.limit(position + length);
            store.readBlocking(chunk, offset, dst);
            return true;
        } catch (RuntimeException e) {
            log.debug("block {} of {} is not in the store", block, file, e);
            if (isLost(e)) {
                addresses.lost(block, chunk);
            }
            dst.position(position);
            return false;
        } finally {
            dst.limit(limit);
        }
    }

    /** Whether the store has lost the block; one that it only cannot read now may be read later, when the origin is away. */
    private static boolean isLost(RuntimeException failure) {
        return switch (MusicFsException.kindOf(failure)) {
            case NOT_FOUND, CORRUPT, INVALID -> true;
            case STALE, UNAVAILABLE, TIMEOUT, REJECTED, NO_SPACE, READ_ONLY, INTERNAL -> false;
        };
    }

    private void notice(BlockPlan plan, int first, int last) {
        if (readsAhead && last != lastNoticed) {
            lastNoticed = last;
            file.pipeline().loop().execute(() -> file.noticed(ahead, plan, first, last));
        }
    }

    /**
     * The reply is the caller's to close. Reads a range that {@link #readPresentBlocking} could not give; for any thread, and at once on the loop.
     *
     * @param pastStore whether nothing is to be taken from the store
     * @param deadline after which nobody waits for the reply
     */
    Future<ReadReply> read(ByteRange range, boolean pastStore, Deadline deadline) {
        Promise<ReadReply> reply = Promise.promise();
        file.pipeline().loop().enter(() -> file.read(range, pastStore, deadline, ahead)
                .onComplete(reply));
        return reply.future();
    }

    @Override
    public FileVersion version() {
        return file.version();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            file.pipeline().loop().execute(() -> file.close(ahead));
        }
    }
}
