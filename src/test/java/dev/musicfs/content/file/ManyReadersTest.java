package dev.musicfs.content.file;

import static dev.musicfs.content.file.TestingRoom.KIB;
import static dev.musicfs.content.file.TestingRoom.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.content.fetch.ContentStats;
import dev.musicfs.content.fetch.Pipeline;
import dev.musicfs.content.plan.LayoutSource;
import dev.musicfs.content.plan.MapManifests;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingSource;
import dev.musicfs.vfs.ContentBus;
import dev.musicfs.vfs.Presentation;
import dev.musicfs.vfs.TestingNamespace;
import dev.musicfs.vfs.VfsCalls;
import dev.musicfs.vfs.VirtualFileSystem;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hundred threads, and a thousand reads without any, on a real event loop, bus and bus, with an origin that answers one call at a time. */
class ManyReadersTest {
    private static final int READERS = 100;
    private static final int FILES = 10;
    private static final int READS = 1000;
    private static final int SIZE = 700 * KIB;

    private final BytesOrigin origin = new BytesOrigin("slow");
    private final TestingSource.Origins origins = new TestingSource.Origins();
    private final MapChunkStore store = new MapChunkStore();
    private final TestingRoom rows = new TestingRoom();
    private final TestingNamespace namespace = new TestingNamespace();
    private final List<byte[]> contents = new ArrayList<>();
    private Vertx vertx;
    private Pipeline pipeline;
    private VirtualFileSystem vfs;

    @BeforeEach
    void registerMessages(Vertx started) {
        vertx = started;
        LocalMessages.register(vertx);
    }

    private void showFiles(long memoryBytes) throws Exception {
        VerticleLoop loop = new VerticleLoop();
        pipeline = new Pipeline(new Pipeline.Parts(
                loop,
                workers("w"),
                workers("s"),
                workers("h"),
                Clock.system(),
                store,
                new MapManifests(),
                LayoutSource.unknown(),
                origins,
                memoryBytes,
                1L << 20));
        SharedFiles files = new SharedFiles(pipeline);
        List<FileVersion> versions = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            byte[] bytes = random(SIZE, i);
            contents.add(bytes);
            versions.add(origin.put("f" + (i + 1), bytes, 1));
            namespace.put(new NodeRow(new NodeId(10 + i), NodeId.ROOT, "f" + i, i + 1, SIZE, 1));
        }
        origins.add(origin);
        FileOpener opener = new FileOpener() {
            @Override
            public void started(Context context) {
                loop.started(context);
            }

            @Override
            public io.vertx.core.Future<OpenFile> open(long id, Deadline deadline) {
                FileRow row = rows.row(id, versions.get((int) id - 1), origin);
                return files.open(row, List.of(TestingRoom.whole(row)), () -> {})
                        .map(file -> file);
            }
        };
        vertx.deployVerticle(new ContentVerticle(opener))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        ContentBus bus = new ContentBus();
        bus.connect(vertx);
        vfs = new VirtualFileSystem(namespace, bus, new Presentation(0444, 0555, 0, 0), Duration.ofSeconds(60), 1000);
    }

    @Test
    @Resilience("5.1")
    void aHundredReadersOfASlowOriginAllReadTheRightBytesAndEachByteIsFetchedOnce() throws Exception {
        readByAll(48L << 20);
        assertThat(BytesOrigin.bytes(origin.calls())).isEqualTo((long) FILES * SIZE);
        assertThat(pipeline.counters().snapshot().failedWrites()).isZero();
    }

    @Test
    void theyDoSoWithoutAStoreAndWithinTheirMemory() throws Exception {
        store.state = StoreState.UNUSABLE;
        readByAll(4L << 20);
        assertThat(store.puts).isZero();
    }

    @Test
    @Resilience({"R.1", "5.1"})
    void aThousandReadsWaitWithoutAThreadEach() throws Exception {
        showFiles(48L << 20);
        origin.hold(true);
        VfsCalls calls = new VfsCalls(vfs);
        List<Long> handles = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            handles.add(calls.open(new NodeId(10 + i)).handle());
        }
        int before = Thread.activeCount();
        List<io.vertx.core.Future<byte[]>> reads = new ArrayList<>();
        for (int i = 0; i < READS; i++) {
            reads.add(calls.reading(handles.get(i % FILES), offset(i), 64 * KIB));
        }
        assertThat(reads).noneMatch(io.vertx.core.Future::isComplete);
        assertThat(Thread.activeCount()).isLessThan(before + 20);
        Polling.until(
                () -> {
                    origin.answerOne();
                    return reads.stream().allMatch(io.vertx.core.Future::isComplete);
                },
                Duration.ofMillis(1),
                patience());
        for (int i = 0; i < READS; i++) {
            int offset = offset(i);
            assertThat(VfsCalls.get(reads.get(i)))
                    .isEqualTo(Arrays.copyOfRange(contents.get(i % FILES), offset, Math.min(SIZE, offset + 64 * KIB)));
        }
        handles.forEach(vfs::release);
        assertThat(Polling.until(
                        () -> {
                            origin.answerOne();
                            return pipeline.counters().snapshot().openFiles() == 0;
                        },
                        Duration.ofMillis(1),
                        patience()))
                .isTrue();
    }

    private static int offset(int read) {
        return read / FILES * 7 * KIB % SIZE;
    }

    private void readByAll(long memoryBytes) throws Exception {
        showFiles(memoryBytes);
        origin.hold(true);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(READERS + 1);
        try {
            Future<?> answering = threads.submit(() -> {
                while (!over.get()) {
                    Polling.until(() -> over.get() || origin.answerOne(), Duration.ofMillis(1), patience());
                    assertThat(origin.heldBytes()).isLessThanOrEqualTo(memoryBytes);
                }
            });
            List<Future<Boolean>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(reader(i % FILES)));
            }
            for (Future<Boolean> reader : readers) {
                assertThat(reader.get(120, TimeUnit.SECONDS)).isTrue();
            }
            awaitNothingHeld();
            over.set(true);
            answering.get(30, TimeUnit.SECONDS);
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    /** Reads a file from end to end in the kernel's steps; whether all of it was right. */
    private Callable<Boolean> reader(int file) {
        return () -> {
            VfsCalls calls = new VfsCalls(vfs);
            long handle = calls.open(new NodeId(10 + file)).handle();
            byte[] all = new byte[SIZE];
            int at = 0;
            for (byte[] read = calls.read(handle, 0, 128 * KIB);
                    read.length > 0;
                    read = calls.read(handle, at, 128 * KIB)) {
                System.arraycopy(read, 0, all, at, read.length);
                at += read.length;
            }
            vfs.release(handle);
            return at == SIZE && Arrays.equals(all, contents.get(file));
        };
    }

    private void awaitNothingHeld() {
        Polling.until(() -> pipeline.counters().snapshot().openFiles() == 0, Duration.ofMillis(1), patience());
        ContentStats now = pipeline.counters().snapshot();
        assertThat(now.openFiles()).isZero();
        assertThat(now.heldBytes() + now.inFlightBytes() + now.pendingWriteBytes() + now.waiting())
                .isZero();
    }

    private static Deadline patience() {
        return Deadline.in(Duration.ofSeconds(60));
    }

    private Executor workers(String name) {
        return ExecutorPools.executor(vertx, name, 2, 1_000);
    }
}
