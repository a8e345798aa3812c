package dev.musicfs.chunk.index;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.model.ChunkId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An index in MapDB, which is fast and not safe: damaged bytes give wrong values, an OutOfMemoryError or a call that
 * never returns. So every value carries a checksum, and every access runs on a thread of its own with a bounded wait.
 */
final class MapDbIndex implements ChunkIndex {
    private static final Logger LOG = LoggerFactory.getLogger(MapDbIndex.class);
    // Closing writes back all dirty pages, which is slow on a busy disk; nobody waits behind it.
    private static final int CLOSE_BOUNDS = 12;
    private static final int SLICE = 512;

    private final IndexThread thread;
    private final IndexTable table;
    private final Duration bound;

    private MapDbIndex(IndexThread thread, IndexTable table, Duration bound) {
        this.thread = thread;
        this.table = table;
        this.bound = bound;
    }

    /** Opens a table on a new thread, within the bound that all later calls have. */
    static MapDbIndex open(Callable<IndexTable> opener, Duration bound) throws IndexLostException {
        IndexThread thread = new IndexThread();
        return new MapDbIndex(thread, thread.call(opener, bound), bound);
    }

    @Override
    public Optional<IndexEntry> get(ChunkId chunk) throws IndexLostException {
        return thread.call(() -> read(chunk.toBytes()), bound);
    }

    @Override
    public Change update(ChunkId chunk, UnaryOperator<Optional<IndexEntry>> change) throws IndexLostException {
        return thread.call(
                () -> {
                    byte[] key = chunk.toBytes();
                    Optional<IndexEntry> before = read(key);
                    Optional<IndexEntry> after = change.apply(before);
                    if (after.isPresent()) {
                        if (!after.equals(before)) {
                            table.put(key, IndexValue.encode(key, after.get()));
                        }
                    } else if (before.isPresent()) {
                        table.remove(key);
                    }
                    return new Change(before, after);
                },
                bound);
    }

    @Override
    public void touch(Map<ChunkId, Long> uses) throws IndexLostException {
        thread.call(
                () -> {
                    Failpoints.hit(Failpoint.INDEX_COMMIT);
                    uses.forEach((chunk, nanos) -> {
                        byte[] key = chunk.toBytes();
                        read(key).ifPresent(entry -> table.put(key, IndexValue.encode(key, entry.usedAt(nanos))));
                    });
                    return true;
                },
                bound);
    }

    @Override
    public void forEach(BiConsumer<ChunkId, IndexEntry> consumer) throws IndexLostException {
        Iterator<Map.Entry<byte[], byte[]>> entries = thread.call(table::entries, bound);
        while (true) {
            List<Found> slice = thread.call(() -> next(entries), bound);
            if (slice.isEmpty()) {
                return;
            }
            slice.forEach(found -> consumer.accept(found.chunk(), found.entry()));
        }
    }

    @Override
    public boolean isInPlaceBlocking() {
        return table.isInPlaceBlocking();
    }

    @Override
    public void close(IndexTotals totals, int round) {
        try {
            thread.call(
                    () -> {
                        Failpoints.hit(Failpoint.INDEX_COMMIT);
                        table.close(totals, round);
                        return true;
                    },
                    bound.multipliedBy(CLOSE_BOUNDS));
        } catch (IndexLostException e) {
            LOG.warn("The chunk index was not closed in order, the next start rebuilds it: {}", e.getMessage());
        }
        thread.end();
    }

    @Override
    public void abandon() {
        thread.end();
        table.delete();
    }

    private record Found(ChunkId chunk, IndexEntry entry) {}

    private static List<Found> next(Iterator<Map.Entry<byte[], byte[]>> entries) {
        List<Found> slice = new ArrayList<>(SLICE);
        while (slice.size() < SLICE && entries.hasNext()) {
            Map.Entry<byte[], byte[]> next = entries.next();
            IndexEntry entry = IndexValue.decode(next.getKey(), next.getValue());
            slice.add(new Found(ChunkId.ofBytes(next.getKey()), entry));
        }
        return slice;
    }

    private Optional<IndexEntry> read(byte[] key) {
        byte @Nullable [] value = table.get(key);
        return value == null ? Optional.empty() : Optional.of(IndexValue.decode(key, value));
    }
}
