package dev.musicfs.content.fetch;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.content.plan.LayoutSource;
import dev.musicfs.content.plan.Manifests;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.FileSource;
import dev.musicfs.runtime.BufferPool;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.PooledBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all open files share. Confined to the loop, apart from what is said otherwise. */
public final class Pipeline {
    private static final Logger log = LoggerFactory.getLogger(Pipeline.class);
    /** How long the origin has to give bytes that no reader waits for. */
    private static final Duration BEHIND = Duration.ofSeconds(30);

    /** For what origins may still write for readers who have given up, and for blocks that are put together to be stored. */
    private static final long BEYOND_BUDGET_BYTES = 64L << 20;

    private final Parts parts;
    private final Counters counters = new Counters();
    private final BufferPool pool;
    private final IdleBlocks idle = new IdleBlocks();
    private final Budget budget;
    private volatile long readAheadBytes;
    private final BlockWriter writer;
    private final Map<OriginId, Budget.Share> shares = new HashMap<>();
    private final Set<Hungry> hungry = new LinkedHashSet<>();
    private boolean pumping;

    /** Nothing is open and nothing is asked. */
    public Pipeline(Parts parts) {
        this.parts = parts;
        this.pool = new BufferPool(parts.memoryBytes() + BEYOND_BUDGET_BYTES);
        this.budget = new Budget(parts.memoryBytes(), parts.loop(), idle, counters, this::pump);
        this.readAheadBytes = parts.readAheadBytes();
        this.writer =
                new BlockWriter(parts.store(), parts.loop(), parts.writers(), parts.memoryBytes() / 3, pool, counters);
    }

    /** A file that something may be fetched of although no reader waits for it. */
    interface Hungry {
        /** Fetches a little; whether there may be more to fetch. */
        boolean fetchBehind();
    }

    /**
     * What a pipeline works with.
     *
     * @param writers threads that write to the store and may hang there
     * @param searchers threads that read the store and may hang there; not the writers', since readers may wait for
     *     them
     * @param hashers threads for computing, which never block
     * @param sources what reads a file that has these copies, the one that is shown first
     * @param memoryBytes for blocks, at least four of the largest
     * @param readAheadBytes the most that is fetched ahead of one handle unless that is changed; 0 for nothing
     */
    public record Parts(
            Loop loop,
            Executor writers,
            Executor searchers,
            Executor hashers,
            Clock clock,
            ChunkStore store,
            Manifests manifests,
            LayoutSource layouts,
            Function<List<Copy>, FileSource> sources,
            long memoryBytes,
            long readAheadBytes) {
        public Parts {
            if (memoryBytes < 4L * ChunkStore.MAX_CHUNK_BYTES) {
                throw new IllegalArgumentException("too little memory for blocks: " + memoryBytes);
            }
        }
    }

    /** The most that is fetched ahead of one handle; 0 for nothing. For any thread. */
    public long readAheadBytes() {
        return readAheadBytes;
    }

    /** Changes that bound for handles that are opened from now on. */
    public void readAheadBytes(long bytes) {
        readAheadBytes = bytes;
    }

    /** For any thread. */
    public Parts parts() {
        return parts;
    }

    /** For any thread. */
    public Loop loop() {
        return parts.loop();
    }

    /** For any thread. */
    public Counters counters() {
        return counters;
    }

    /** The memory of blocks, which {@link Budget} shares out. For any thread. */
    public BufferPool pool() {
        return pool;
    }

    Budget budget() {
        return budget;
    }

    IdleBlocks idle() {
        return idle;
    }

    BlockWriter writer() {
        return writer;
    }

    /** Whether blocks that come now are neither found in the store later nor put there. */
    public boolean bypassesStore() {
        return !parts.store().state().readable() || !writer.open();
    }

    Budget.Share shareOf(OriginId origin) {
        return shares.computeIfAbsent(origin, id -> new Budget.Share());
    }

    /** The deadline of a fetch that no reader waits for. */
    Deadline patience() {
        return deadline(BEHIND);
    }

    /** A deadline this long from now; for any thread. */
    public Deadline deadline(Duration patience) {
        return Deadline.in(patience, parts.clock()::monotonicNanos);
    }

    /** Computes the address of a block on another thread; {@code done} is given it on the loop, or null when that failed. */
    void hash(List<PooledBuffer> pieces, Consumer<@Nullable ChunkId> done) {
        pieces.forEach(PooledBuffer::retain);
        try {
            parts.hashers().execute(() -> {
                ChunkId chunk = addressOrNull(pieces);
                pieces.forEach(PooledBuffer::release);
                loop().execute(() -> done.accept(chunk));
            });
        } catch (RejectedExecutionException e) {
            pieces.forEach(PooledBuffer::release);
            log.debug("a block could not be checked", e);
            loop().execute(() -> done.accept(null));
        }
    }

    private static @Nullable ChunkId addressOrNull(List<PooledBuffer> pieces) {
        try {
            return addressOf(pieces);
        } catch (RuntimeException | Error e) { // or its readers would never be answered
            log.warn("a block could not be checked", e);
            return null;
        }
    }

    private static ChunkId addressOf(List<PooledBuffer> pieces) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (PooledBuffer piece : pieces) {
                sha256.update(piece.bytes());
            }
            return ChunkId.ofBytes(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A file may have something to fetch that no reader waits for. */
    void hungry(Hungry file) {
        hungry.add(file);
        pump();
    }

    /** Soon lets each hungry file fetch a little. */
    private void pump() {
        if (!pumping && !hungry.isEmpty()) {
            pumping = true;
            loop().execute(() -> {
                pumping = false;
                List<Hungry> files = new ArrayList<>(hungry);
                for (Hungry file : files) {
                    hungry.remove(file);
                    if (file.fetchBehind()) {
                        hungry.add(file);
                    }
                }
            });
        }
    }
}
