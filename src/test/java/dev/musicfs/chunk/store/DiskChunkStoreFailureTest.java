package dev.musicfs.chunk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.disk.MemoryChunkFiles;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.Resilience;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong while a store is in use. */
class DiskChunkStoreFailureTest {
    private static final long SIZE = 100L * TestingStore.FILE_BYTES;

    @TempDir
    Path directory;

    @Test
    @Resilience("6.3")
    void aLostIndexIsMadeAnewWhileTheStoreIsInUse() {
        TestingStore kit = started();
        kit.put(0, 50, EvictionClass.AUDIO);
        kit.pins.add(TestingStore.id(3));
        loseIndex(kit);
        assertThat(kit.store.stats().usedBytes()).isEqualTo(kit.files.sum());
        kit.read(3);
        kit.put(60, EvictionClass.AUDIO);
        kit.put(3, EvictionClass.TAGS);
        assertThat(kit.store.stats().usedBytes()).isEqualTo(kit.files.sum());
        kit.store.tickBlocking();
        kit.assertTrueSums();
        assertThat(kit.store.stats().pinnedBytes()).isEqualTo(TestingStore.FILE_BYTES);
        assertThat(kit.memory.created).hasValue(2);
    }

    @Test
    void whatComesAndGoesWhileAnIndexIsFilledIsCountedOnce() {
        TestingStore kit = started();
        kit.put(0, 50, EvictionClass.AUDIO);
        loseIndex(kit);
        int[] visits = new int[1];
        kit.files.onVisit = chunk -> {
            int visit = visits[0]++;
            if (visit < 20) {
                kit.put(100 + visit, EvictionClass.AUDIO);
                kit.put(visit, EvictionClass.AUDIO);
                kit.store.removeBlocking(List.of(TestingStore.id(49 - visit)));
            }
        };
        kit.store.tickBlocking();
        kit.files.onVisit = chunk -> {};
        assertThat(visits[0]).isGreaterThanOrEqualTo(30);
        kit.assertTrueSums();
    }

    @Test
    void nothingIsEvictedBeforeThePinsAreKnown() {
        TestingStore kit = started();
        kit.put(0, 95, EvictionClass.AUDIO);
        for (int i = 0; i < 50; i++) {
            kit.pins.add(TestingStore.id(i));
        }
        loseIndex(kit);
        kit.files.onVisit = chunk -> assertThat(kit.files.files).hasSize(95);
        kit.store.tickBlocking();
        for (int i = 0; i < 50; i++) {
            assertThat(kit.has(i)).isTrue();
        }
        kit.store.tickBlocking();
        assertThat(kit.files.files).hasSize(88);
        kit.assertTrueSums();
    }

    @Test
    @Resilience("6.3")
    void anIndexThatHangsStopsNoReadAndNoPut() throws Exception {
        TestingStore kit = new TestingStore(directory, SIZE, SIZE / 5);
        kit.memory.bound = Duration.ofMillis(200);
        kit.start();
        kit.store.tickBlocking();
        kit.put(0, 20, EvictionClass.AUDIO);
        CountDownLatch hung = new CountDownLatch(1);
        kit.memory.onAccess = () -> {
            try {
                hung.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> puts = IntStream.range(20, 60)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> kit.put(i, EvictionClass.AUDIO)))
                    .toList();
            kit.read(1);
            for (Future<?> put : puts) {
                put.get(60, TimeUnit.SECONDS);
            }
        } finally {
            kit.memory.onAccess = () -> {};
            hung.countDown();
            threads.shutdownNow();
        }
        assertThat(kit.store.stats().usedBytes()).isEqualTo(kit.files.sum());
        kit.store.tickBlocking();
        kit.assertTrueSums();
        assertThat(kit.store.stats().chunks()).isEqualTo(60);
    }

    @Test
    void anIndexThatCannotBeMadeIsTriedAgainLaterAndLater() {
        TestingStore kit = started();
        kit.put(0, 10, EvictionClass.AUDIO);
        kit.memory.onAccess = () -> {
            throw new InternalError("bad disk");
        };
        for (int i = 0; i < 1000; i++) {
            kit.clock.advance(Duration.ofSeconds(1));
            kit.store.readBlocking(TestingStore.id(i % 10), 0, ByteBuffer.allocate(5));
            kit.store.tickBlocking();
        }
        assertThat(kit.memory.created.get()).isBetween(7, 14);
        kit.memory.onAccess = () -> {};
        kit.clock.advance(Duration.ofMinutes(5));
        kit.store.tickBlocking();
        kit.assertTrueSums();
    }

    @Test
    @Resilience("5.7")
    void aCrashAfterTheFileBeforeTheIndexCostsNothing() {
        TestingStore kit = started();
        kit.put(0, 10, EvictionClass.AUDIO);
        kit.files.afterWrite = chunk -> {
            MemoryChunkFiles atCrash = new MemoryChunkFiles(kit.files.files);
            kit.files = atCrash;
            throw new IllegalStateException("killed here");
        };
        assertThatThrownBy(() -> kit.put(10, EvictionClass.AUDIO)).isInstanceOf(IllegalStateException.class);
        kit.start();
        kit.store.tickBlocking();
        assertThat(kit.store.stats().chunks()).isEqualTo(11);
        kit.assertTrueSums();
        kit.read(10);
    }

    @Test
    @Resilience("5.7")
    void aCrashBeforeTheFileIsThereLosesThatChunkOnly() {
        TestingStore kit = started();
        kit.put(0, 10, EvictionClass.AUDIO);
        kit.files.beforeWrite = chunk -> {
            kit.files = new MemoryChunkFiles(kit.files.files);
            throw new IllegalStateException("killed here");
        };
        assertThatThrownBy(() -> kit.put(10, EvictionClass.AUDIO)).isInstanceOf(IllegalStateException.class);
        kit.start();
        kit.store.tickBlocking();
        assertThat(kit.store.stats().chunks()).isEqualTo(10);
        kit.assertTrueSums();
        assertThatThrownBy(() -> kit.read(10)).isInstanceOfSatisfying(MusicFsException.class, e -> assertThat(e.kind())
                .isEqualTo(FailureKind.NOT_FOUND));
    }

    @Test
    @Resilience("5.7")
    void aCrashBetweenDeletingAFileAndItsEntryCostsNothing() {
        TestingStore kit = started();
        kit.put(0, 92, EvictionClass.AUDIO);
        kit.files.afterDelete = chunk -> {
            kit.files.afterDelete = other -> {};
            kit.files = new MemoryChunkFiles(kit.files.files);
            throw new IllegalStateException("killed here");
        };
        assertThatThrownBy(kit.store::tickBlocking).isInstanceOf(IllegalStateException.class);
        kit.start();
        kit.store.tickBlocking();
        kit.assertTrueSums();
    }

    @Test
    @Resilience("2.8")
    void theBoundHoldsAfterACrashBeforeTheFilesHaveBeenCounted() {
        TestingStore kit = new TestingStore(directory, 1L << 27, 1L << 20);
        kit.start();
        kit.store.tickBlocking();
        MemoryChunkFiles.File big =
                new MemoryChunkFiles.File(ByteBuffer.allocate(1 << 20), EvictionClass.AUDIO, 0, false);
        for (int i = 0; i < 120; i++) {
            ByteBuffer chunk = ByteBuffer.allocate(1 << 20).putInt(i).rewind();
            kit.store.putBlocking(chunk, EvictionClass.AUDIO);
        }
        assertThat(kit.files.sum()).isGreaterThan(120L * big.bytes().capacity());
        kit.killAndStart();
        int more = 0;
        try {
            for (; more < 100; more++) {
                ByteBuffer chunk =
                        ByteBuffer.allocate(1 << 20).putInt(1000 + more).rewind();
                kit.store.putBlocking(chunk, EvictionClass.AUDIO);
                assertThat(kit.files.sum()).isLessThanOrEqualTo(1L << 27);
            }
        } catch (MusicFsException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.NO_SPACE);
        }
        assertThat(more).isBetween(1, 7);
        kit.store.tickBlocking();
        kit.assertTrueSums();
    }

    @Test
    @Resilience("2.8")
    void neverHoldsMoreThanItsLimitUnderManyThreadsAndTellsTheTruthAfterwards() throws Exception {
        TestingStore kit = started();
        AtomicLong most = new AtomicLong();
        kit.files.afterWrite = chunk -> most.accumulateAndGet(kit.files.bytes.get(), Math::max);
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong full = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(17);
        try {
            List<Future<?>> work = IntStream.range(0, 16)
                    .<Future<?>>mapToObj(seed -> threads.submit(() -> disturb(kit, new Random(seed), full)))
                    .toList();
            Future<?> maintainer = threads.submit(() -> {
                int turns = 0;
                while (!done.get()) {
                    kit.store.tickBlocking();
                    if (turns++ % 8 == 3) {
                        loseIndex(kit);
                    } else if (turns % 8 == 7) {
                        kit.store.verifyBlocking(true, () -> false, each -> {});
                    }
                    kit.clock.advance(Duration.ofSeconds(11));
                }
            });
            for (Future<?> each : work) {
                each.get(120, TimeUnit.SECONDS);
            }
            done.set(true);
            maintainer.get(60, TimeUnit.SECONDS);
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
        assertThat(most.get()).isLessThanOrEqualTo(SIZE);
        kit.clock.advance(Duration.ofMinutes(6));
        kit.store.tickBlocking();
        kit.assertTrueSums();
        assertThat(kit.store.stats().evictions()).isPositive();
    }

    @Test
    @Resilience("3.5")
    void sumsStayTrueUnderManyThreadsWithoutACountToCorrectThem() throws Exception {
        TestingStore kit = started();
        int counts = kit.memory.created.get();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<?>> work = IntStream.range(0, 16)
                    .<Future<?>>mapToObj(seed -> threads.submit(() -> disturb(kit, new Random(seed), new AtomicLong())))
                    .toList();
            for (Future<?> each : work) {
                each.get(120, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        kit.assertTrueSums();
        assertThat(kit.memory.created).hasValue(counts);
    }

    private static void disturb(TestingStore kit, Random random, AtomicLong full) {
        for (int i = 0; i < 3000; i++) {
            int number = random.nextInt(150);
            try {
                switch (random.nextInt(6)) {
                    case 0 -> kit.store.removeBlocking(List.of(TestingStore.id(number)));
                    case 1 -> kit.read(number);
                    case 2 -> kit.store.pinBlocking(List.of(TestingStore.id(number % 10)), random.nextBoolean());
                    default -> kit.put(number, random.nextInt(5) == 0 ? EvictionClass.TAGS : EvictionClass.AUDIO);
                }
            } catch (MusicFsException e) {
                if (e.kind() == FailureKind.NO_SPACE) {
                    full.incrementAndGet();
                } else {
                    assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND);
                }
            }
        }
    }

    // One access fails; the next put notices.
    private static void loseIndex(TestingStore kit) {
        AtomicBoolean failed = new AtomicBoolean();
        kit.memory.onAccess = () -> {
            if (failed.compareAndSet(false, true)) {
                throw new InternalError("fault in mapped memory");
            }
        };
        kit.store.pinBlocking(List.of(TestingStore.id(Integer.MAX_VALUE)), true);
    }

    private TestingStore started() {
        TestingStore kit = new TestingStore(directory, SIZE, SIZE / 5);
        kit.start();
        kit.store.tickBlocking();
        return kit;
    }
}
