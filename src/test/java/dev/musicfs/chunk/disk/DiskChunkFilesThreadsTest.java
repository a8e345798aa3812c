package dev.musicfs.chunk.disk;

import static dev.musicfs.chunk.disk.DiskChunkFilesTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.config.CacheConfig.Durability;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.Resilience;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class DiskChunkFilesThreadsTest {
    private static final int THREADS = 50;

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TestingFiles testing;

    @BeforeEach
    void open() {
        testing = new TestingFiles(directory, Durability.FAST, 8);
    }

    @AfterEach
    void close() throws InterruptedException {
        testing.disk.holdReads.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        testing.close();
        assertThat(testing.disk.open).hasValue(0);
    }

    @Test
    void keepsItsBoundOfOpenFilesUnderManyReaders() throws Exception {
        List<ChunkId> chunks = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            chunks.add(testing.write(TestingFiles.bytes(20_000 + i)));
        }
        testing.disk.mostOpen.set(0);
        together(THREADS, thread -> {
            for (int i = 0; i < 200; i++) {
                int which = (thread * 7 + i * 13) % chunks.size();
                assertThat(testing.read(chunks.get(which), 15_000, 5_000))
                        .isEqualTo(Arrays.copyOfRange(TestingFiles.bytes(20_000 + which), 15_000, 20_000));
            }
        });
        // What is kept, and for each reader the one it reads and the one it opens.
        assertThat(testing.disk.mostOpen).hasValueLessThanOrEqualTo(8 + THREADS);
        assertThat(testing.disk.open).hasValueLessThanOrEqualTo(8);
    }

    @Test
    void writersOfTheSameChunkAllSucceedAndMakeOneFile() throws Exception {
        byte[] bytes = TestingFiles.bytes(100_000);
        together(8, thread -> {
            for (int i = 0; i < 20; i++) {
                testing.write(bytes);
            }
        });
        List<ChunkFiles.Found> found = new ArrayList<>();
        testing.files.forEachBlocking(found::add);
        assertThat(found).hasSize(1);
        assertThat(testing.temporaries()).isEmpty();
        assertThat(testing.read(found.get(0).chunk(), 0, bytes.length)).isEqualTo(bytes);
    }

    @Test
    void readsWhileItIsDeletedAndWrittenAreRightOrNotFound() throws Exception {
        byte[] bytes = TestingFiles.bytes(50_000);
        ChunkId chunk = testing.write(bytes);
        AtomicInteger right = new AtomicInteger();
        together(8, thread -> {
            for (int i = 0; i < 300; i++) {
                if (thread == 0) {
                    testing.files.deleteBlocking(chunk);
                } else if (thread == 1) {
                    testing.write(bytes);
                } else {
                    try {
                        assertThat(testing.read(chunk, 0, bytes.length)).isEqualTo(bytes);
                        right.incrementAndGet();
                    } catch (MusicFsException e) {
                        assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND);
                    }
                }
            }
        });
        assertThat(right).hasPositiveValue();
        testing.files.deleteBlocking(chunk);
        assertThat(testing.disk.open).hasValue(0);
    }

    @Test
    void aReadThatHasBegunEndsAlthoughTheChunkIsDeleted() throws Exception {
        byte[] bytes = TestingFiles.bytes(50_000);
        ChunkId chunk = testing.write(bytes);
        testing.read(chunk, 0, 1);
        testing.disk.holdReads = new CountDownLatch(1);
        Future<byte[]> reading = threads.submit(() -> testing.read(chunk, 0, bytes.length));
        await(1);
        assertThat(testing.files.deleteBlocking(chunk)).isTrue();
        assertThat(testing.disk.open).hasValue(1);
        testing.disk.holdReads.countDown();
        assertThat(reading.get(30, TimeUnit.SECONDS)).isEqualTo(bytes);
        assertThat(testing.disk.open).hasValue(0);
    }

    @Test
    void aFileThatIsDeletedWhileItIsBeingOpenedIsNotKeptOpen() throws Exception {
        byte[] bytes = TestingFiles.bytes(50_000);
        ChunkId chunk = testing.write(bytes);
        testing.disk.holdReads = new CountDownLatch(1);
        Future<byte[]> reading = threads.submit(() -> testing.read(chunk, 0, bytes.length));
        await(1);
        assertThat(testing.files.deleteBlocking(chunk)).isTrue();
        testing.disk.holdReads.countDown();
        assertThat(reading.get(30, TimeUnit.SECONDS)).isEqualTo(bytes);
        assertThat(testing.disk.open).hasValue(0);
    }

    @Test
    void aDamagedFileThatIsReplacedWhileItIsReadIsReadAgainAndItsSuccessorStays() throws Exception {
        byte[] bytes = TestingFiles.bytes(50_000);
        ChunkId chunk = testing.write(bytes);
        testing.read(chunk, 0, 1);
        Path file = testing.layout.file(chunk);
        Files.write(file, new byte[(int) Files.size(file)]);
        testing.disk.holdReads = new CountDownLatch(1);
        Future<byte[]> reading = threads.submit(() -> testing.read(chunk, 0, bytes.length));
        await(1);
        testing.write(bytes);
        testing.disk.holdReads.countDown();
        assertThat(reading.get(30, TimeUnit.SECONDS)).isEqualTo(bytes);
        assertThat(testing.files.existsBlocking(chunk)).isTrue();
    }

    @Test
    @Resilience("6.6")
    void aHungDiskTakesSoManyThreadsAndNoMore() throws Exception {
        ChunkId chunk = testing.write(TestingFiles.bytes(50_000));
        testing.read(chunk, 0, 1);
        testing.disk.holdReads = new CountDownLatch(1);
        List<Future<byte[]>> hung = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            hung.add(threads.submit(() -> testing.read(chunk, 0, 1)));
        }
        await(64);
        assertThat(testing.health.state()).isEqualTo(StoreState.NORMAL);
        assertFails(FailureKind.UNAVAILABLE, () -> testing.read(chunk, 0, 1));
        testing.clock.advance(Duration.ofSeconds(3));
        assertFails(FailureKind.UNAVAILABLE, () -> testing.read(chunk, 0, 1));
        assertThat(testing.health.state()).isEqualTo(StoreState.UNUSABLE);
        assertThat(testing.health.counts().hung()).isEqualTo(64);
        testing.disk.holdReads.countDown();
        for (Future<byte[]> one : hung) {
            assertThat(one.get(30, TimeUnit.SECONDS)).hasSize(1);
        }
        assertFails(FailureKind.UNAVAILABLE, () -> testing.read(chunk, 0, 1));
        testing.clock.advance(Duration.ofSeconds(1));
        testing.health.tickBlocking();
        assertThat(testing.read(chunk, 0, 1)).hasSize(1);
        assertThat(testing.changes).containsExactly("NORMAL UNUSABLE", "UNUSABLE NORMAL");
    }

    @Test
    void anInterruptedReaderFailsAloneAndOthersReadOn() throws Exception {
        // The real channels: an interrupt closes them.
        DiskChunkFiles files = new DiskChunkFiles(directory, DiskCalls.REAL, testing.health, Durability.FAST);
        byte[] bytes = TestingFiles.bytes(50_000);
        ChunkId chunk = ChunkId.of(ByteBuffer.wrap(bytes));
        files.writeBlocking(chunk, ByteBuffer.wrap(bytes), EvictionClass.AUDIO);
        AtomicInteger interrupted = new AtomicInteger();
        together(8, thread -> {
            for (int i = 0; i < 300; i++) {
                ByteBuffer dst = ByteBuffer.allocateDirect(bytes.length);
                if (thread == 0) {
                    Thread.currentThread().interrupt();
                    assertFails(FailureKind.UNAVAILABLE, () -> files.readBlocking(chunk, 0, dst));
                    assertThat(Thread.interrupted()).isTrue();
                    interrupted.incrementAndGet();
                } else {
                    files.readBlocking(chunk, 0, dst);
                    assertThat(dst.flip()).isEqualTo(ByteBuffer.wrap(bytes));
                }
            }
        });
        files.close();
        assertThat(interrupted).hasValue(300);
        assertThat(testing.health.state()).isEqualTo(StoreState.NORMAL);
        assertThat(Files.exists(testing.layout.file(chunk))).isTrue();
    }

    @FunctionalInterface
    private interface Work {
        void of(int thread) throws Exception;
    }

    private void together(int number, Work work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(number);
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            int thread = i;
            all.add(() -> {
                start.await();
                work.of(thread);
                return null;
            });
        }
        for (Future<Void> one : threads.invokeAll(all)) {
            one.get();
        }
    }

    private void await(int readers) {
        while (testing.disk.waiting.get() < readers) {
            Thread.onSpinWait();
        }
    }
}
