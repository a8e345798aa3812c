package dev.musicfs.chunk.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.chunk.index.IndexSource.Opened;
import dev.musicfs.chunk.store.Damage;
import dev.musicfs.chunk.store.TestingStore;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.Resilience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MapDbIndexTest {
    private static final IndexTotals TOTALS = new IndexTotals(2, 300, 100, 0);
    private static final IndexEntry ENTRY = new IndexEntry(100, EvictionClass.TAGS, true, Long.MAX_VALUE, 7);

    @TempDir
    Path directory;

    private MapDbIndexes indexes;

    @BeforeEach
    void makeSource() {
        indexes = new MapDbIndexes(directory.resolve("index"), Duration.ofSeconds(60));
    }

    @Test
    void keepsEntriesAndTotalsAcrossAnOrderlyClose() throws IndexLostException {
        Opened first = indexes.openBlocking();
        assertThat(first.totals()).isEmpty();
        put(first.index(), 1, ENTRY);
        put(first.index(), 2, ENTRY.withPinned(false).withEvictionClass(EvictionClass.AUDIO));
        first.index().touch(Map.of(id(2), Long.MAX_VALUE - 5, id(3), 5L));
        first.index().close(TOTALS, 7);
        Opened second = indexes.openBlocking();
        assertThat(second.totals()).contains(TOTALS);
        assertThat(second.round()).isEqualTo(7);
        assertThat(second.index().get(id(1))).contains(ENTRY);
        assertThat(all(second.index()))
                .containsOnlyKeys(id(1), id(2))
                .containsEntry(id(2), ENTRY.withPinned(false).withEvictionClass(EvictionClass.AUDIO));
        second.index().close(TOTALS, 7);
    }

    @Test
    void theMarkerIsGoneBeforeTheFirstChangeAndStaysWithoutOne() throws IndexLostException {
        indexes.openBlocking().index().close(IndexTotals.NONE, 1);
        Path marker = directory.resolve("index").resolve("clean");
        ChunkIndex index = indexes.openBlocking().index();
        assertThat(index.get(id(1))).isEmpty();
        assertThat(marker).exists();
        put(index, 1, ENTRY);
        assertThat(marker).doesNotExist();
        assertThat(new MapDbIndexes(directory.resolve("index"), Duration.ofSeconds(60))
                        .openBlocking()
                        .totals())
                .isEmpty();
    }

    @Test
    void seesEveryEntryOnceWhileOthersComeAndGo() throws IndexLostException {
        ChunkIndex index = indexes.openBlocking().index();
        for (int i = 0; i < 3000; i++) {
            put(index, i, ENTRY);
        }
        Map<ChunkId, Integer> seen = new HashMap<>();
        int[] next = {3000};
        index.forEach((chunk, entry) -> {
            seen.merge(chunk, 1, Integer::sum);
            try {
                if (next[0] < 6000) {
                    put(index, next[0]++, ENTRY);
                }
                index.update(id(next[0] - 3001), before -> before.map(each -> each.usedAt(9)));
            } catch (IndexLostException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(seen.values()).containsOnly(1);
        for (int i = 0; i < 3000; i++) {
            assertThat(seen).containsKey(id(i));
        }
        index.abandon();
    }

    @Test
    void aValueThatIsNotTheKeysIsNeverGivenOut() {
        byte[] value = IndexValue.encode(id(1).toBytes(), ENTRY);
        assertThat(IndexValue.decode(id(1).toBytes(), value)).isEqualTo(ENTRY);
        assertThatThrownBy(() -> IndexValue.decode(id(2).toBytes(), value)).isInstanceOf(IllegalStateException.class);
        for (int i = 0; i < value.length; i++) {
            byte[] damaged = value.clone();
            damaged[i] ^= 4;
            assertThatThrownBy(() -> IndexValue.decode(id(1).toBytes(), damaged))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @Resilience("6.3")
    void anyThrowableIsALostIndex() throws IndexLostException {
        for (Throwable thrown : new Throwable[] {
            new OutOfMemoryError("damaged length"),
            new StackOverflowError(),
            new InternalError("fault in mapped memory")
        }) {
            MemoryIndexes memory = new MemoryIndexes();
            ChunkIndex index = memory.openBlocking().index();
            memory.onAccess = () -> {
                throw (Error) thrown;
            };
            assertThatThrownBy(() -> index.get(id(1)))
                    .isInstanceOf(IndexLostException.class)
                    .hasRootCause(thrown);
            memory.onAccess = () -> {};
            assertThatThrownBy(() -> index.get(id(1))).isInstanceOf(IndexLostException.class);
        }
    }

    @Test
    void aCallThatHangsIsLostAndWhoWaitsBehindItFailsWithIt() throws Exception {
        MemoryIndexes memory = new MemoryIndexes();
        memory.bound = Duration.ofMillis(200);
        ChunkIndex index = memory.openBlocking().index();
        CountDownLatch hung = new CountDownLatch(1);
        memory.onAccess = () -> awaitForever(hung);
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            Future<?>[] calls = new Future<?>[8];
            for (int i = 0; i < calls.length; i++) {
                calls[i] = callers.submit(() -> index.get(id(1)));
            }
            for (Future<?> call : calls) {
                assertThatThrownBy(() -> call.get(60, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(IndexLostException.class);
            }
        } finally {
            hung.countDown();
            callers.shutdownNow();
        }
    }

    @Test
    void anInterruptedCallerGetsItsAnswerAndStaysInterrupted() throws IndexLostException {
        ChunkIndex index = indexes.openBlocking().index();
        Thread.currentThread().interrupt();
        Optional<IndexEntry> answer = index.get(id(1));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(answer).isEmpty();
        assertThat(index.get(id(1))).isEmpty();
        index.abandon();
    }

    /** What may have happened to an index between two starts. */
    enum Damage {
        MISSING,
        EMPTY,
        TRUNCATED,
        GARBAGE_IN_THE_MIDDLE,
        GARBAGE_AT_THE_START,
        A_DIRECTORY_IN_ITS_PLACE,
        A_FILE_FOR_THE_DIRECTORY,
        NO_MARKER,
        A_MARKER_OF_A_NEWER_VERSION,
        A_DAMAGED_MARKER,
        A_DIRECTORY_FOR_THE_MARKER;

        void doTo(Path directory) throws IOException {
            Path file = directory.resolve("chunks-1.mapdb");
            Path marker = directory.resolve("clean");
            byte[] bytes = Files.readAllBytes(file);
            switch (this) {
                case MISSING -> Files.delete(file);
                case EMPTY -> Files.write(file, new byte[0]);
                case TRUNCATED -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
                case GARBAGE_IN_THE_MIDDLE -> Files.write(file, garbled(bytes, bytes.length / 3));
                case GARBAGE_AT_THE_START -> Files.write(file, garbled(bytes, 0));
                case A_DIRECTORY_IN_ITS_PLACE -> {
                    Files.delete(file);
                    Files.createDirectories(file.resolve("deep"));
                }
                case A_FILE_FOR_THE_DIRECTORY -> {
                    Files.delete(file);
                    Files.delete(marker);
                    Files.delete(directory);
                    Files.createFile(directory);
                }
                case NO_MARKER -> Files.delete(marker);
                case A_MARKER_OF_A_NEWER_VERSION ->
                    Files.writeString(marker, Files.readString(marker).replace("index-1", "index-2"));
                case A_DAMAGED_MARKER ->
                    Files.writeString(marker, Files.readString(marker).replaceFirst(" 1", " 2"));
                case A_DIRECTORY_FOR_THE_MARKER -> {
                    Files.delete(marker);
                    Files.createDirectories(marker);
                }
            }
        }

        private static byte[] garbled(byte[] bytes, int from) {
            byte[] garbled = bytes.clone();
            for (int i = from; i < Math.min(from + 4096, bytes.length); i++) {
                garbled[i] = (byte) (i * 31);
            }
            return garbled;
        }
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    @Resilience({"2.4", "6.3"})
    void whateverHappenedToItTheStartSucceedsAndEveryChunkIsReadable(Damage damage) throws IOException {
        TestingStore kit = new TestingStore(directory, 1L << 20, 1L << 18).onMapDb();
        kit.start();
        kit.store.tickBlocking();
        kit.put(0, 150, EvictionClass.AUDIO);
        kit.put(150, 200, EvictionClass.TAGS);
        kit.pins.add(TestingStore.id(17));
        kit.store.closeBlocking();
        damage.doTo(directory.resolve("index"));
        kit.onMapDb().start();
        assertThat(kit.store.state()).isEqualTo(StoreState.NORMAL);
        for (int i = 0; i < 200; i++) {
            kit.read(i);
        }
        kit.put(200, EvictionClass.AUDIO);
        kit.store.tickBlocking();
        kit.assertTrueSums();
        assertThat(kit.store.stats().pinnedBytes()).isEqualTo(TestingStore.FILE_BYTES);
        assertThat(kit.store.verifyBlocking(false, () -> false, done -> {}))
                .isEqualTo(new VerifyReport(201, 201L * TestingStore.FILE_BYTES, 0, 0, 0, 0, 0, true));
        kit.closeAndStart();
        kit.assertTrueSums();
        kit.store.closeBlocking();
    }

    private static void awaitForever(CountDownLatch latch) {
        boolean released = false;
        while (!released) {
            try {
                latch.await();
                released = true;
            } catch (InterruptedException e) {
                // A hang in MapDB does not listen to interrupts either.
            }
        }
    }

    private static Map<ChunkId, IndexEntry> all(ChunkIndex index) throws IndexLostException {
        Map<ChunkId, IndexEntry> all = new HashMap<>();
        index.forEach(all::put);
        return all;
    }

    private static void put(ChunkIndex index, int number, IndexEntry entry) throws IndexLostException {
        index.update(id(number), before -> Optional.of(entry));
    }

    private static ChunkId id(int number) {
        return TestingStore.id(number);
    }
}
