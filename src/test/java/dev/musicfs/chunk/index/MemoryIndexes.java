package dev.musicfs.chunk.index;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Indexes in memory, behind the thread and the checks of the real one, which a test can make fail or hang. */
public final class MemoryIndexes implements IndexSource {
    /** Called on the index's thread before each access. */
    public volatile Runnable onAccess = () -> {};

    public volatile Duration bound = Duration.ofSeconds(60);
    public final AtomicInteger created = new AtomicInteger();
    private Optional<Closed> closed = Optional.empty();

    private record Closed(Map<String, byte[]> entries, IndexTotals totals, int round) {}

    @Override
    public synchronized Opened openBlocking() throws IndexLostException {
        if (closed.isEmpty()) {
            return createBlocking();
        }
        Closed last = closed.get();
        closed = Optional.empty();
        Table table = new Table(last.entries());
        return new Opened(MapDbIndex.open(() -> table, bound), Optional.of(last.totals()), last.round());
    }

    @Override
    public synchronized Opened createBlocking() throws IndexLostException {
        created.incrementAndGet();
        closed = Optional.empty();
        Table table = new Table(new ConcurrentHashMap<>());
        return new Opened(MapDbIndex.open(() -> table, bound), Optional.empty(), 0);
    }

    private final class Table implements IndexTable {
        private final Map<String, byte[]> entries;

        Table(Map<String, byte[]> entries) {
            this.entries = entries;
        }

        @Override
        public byte[] get(byte[] key) {
            onAccess.run();
            return entries.get(HexFormat.of().formatHex(key));
        }

        @Override
        public void put(byte[] key, byte[] value) {
            onAccess.run();
            entries.put(HexFormat.of().formatHex(key), value);
        }

        @Override
        public void remove(byte[] key) {
            onAccess.run();
            entries.remove(HexFormat.of().formatHex(key));
        }

        @Override
        public Iterator<Map.Entry<byte[], byte[]>> entries() {
            onAccess.run();
            return new ArrayList<>(entries.entrySet())
                    .stream()
                            .map(entry -> Map.entry(HexFormat.of().parseHex(entry.getKey()), entry.getValue()))
                            .iterator();
        }

        @Override
        public boolean isInPlaceBlocking() {
            return true;
        }

        @Override
        public void close(IndexTotals totals, int round) {
            onAccess.run();
            synchronized (MemoryIndexes.this) {
                closed = Optional.of(new Closed(entries, totals, round));
            }
        }

        @Override
        public void delete() {}
    }
}
