package dev.musicfs.origin.mounted;

import static dev.musicfs.testkit.Outcomes.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.Timers;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.ManualTimers;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingNames;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A share whose calls are held as a kernel holds those of a dead server. */
class HungShareTest {
    private static final int THREADS = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final FileVersion VERSION = new FileVersion(3, 1, "");
    private static final RealPath PATH = new RealPath("a.flac");

    private final Vertx vertx = TestingVertx.start();
    private final HeldShare share = new HeldShare();
    private final ManualTimers timers = new ManualTimers();
    private MountedOrigin origin;

    /** Every call waits for a permit; entered counts those that wait or have waited. */
    private static final class HeldShare implements Share {
        private final Semaphore permits = new Semaphore(0);
        private final Semaphore entered = new Semaphore(0);
        private final AtomicInteger progress = new AtomicInteger();

        private void hold() {
            entered.release();
            permits.acquireUninterruptibly();
        }

        @Override
        public List<OriginEntry> listBlocking(RealPath directory, Runnable made) {
            for (int i = 0; i < progress.get(); i++) {
                made.run();
                hold();
            }
            hold();
            return List.of();
        }

        @Override
        public OriginEntry statBlocking(RealPath path, Deadline deadline) {
            hold();
            return new OriginEntry(path, false, VERSION, 0);
        }

        @Override
        public byte[] readBlocking(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
            hold();
            return new byte[] {1, 2, 3};
        }

        @Override
        public void probeBlocking(Deadline deadline) {
            hold();
        }
    }

    @BeforeEach
    void open() {
        origin = origin(TIMEOUT);
    }

    private MountedOrigin origin(Duration timeout) {
        OriginConfig config = new OriginConfig(
                new OriginId("nas"),
                new NfsBackend().type(),
                new OriginSettings(Map.of("path", Path.of("/nas"))),
                OriginConfig.DEFAULT_PRIORITY,
                true,
                OriginConfig.DEFAULT_POLL_INTERVAL,
                timeout,
                THREADS,
                0);
        BackendContext context = new BackendContext(
                vertx,
                ExecutorPools.workers(vertx, "nas", "Origin nas", THREADS, THREADS * 32),
                TestingNames.LITERAL,
                Clock.system());
        Timers deadlines = (delay, task) -> {
            AtomicBoolean off = new AtomicBoolean();
            timers.after(delay, () -> {
                if (!off.get()) {
                    task.run();
                }
            });
            return () -> off.set(true);
        };
        return new MountedOrigin(config, context, share, deadlines);
    }

    @AfterEach
    void close() throws Exception {
        share.permits.release(1000);
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    @Resilience("3.8")
    void endsACallAtItsTimeoutAlthoughItsThreadIsStuck() throws InterruptedException {
        Future<Buffer> read = read();
        share.entered.acquire();
        timers.advance(TIMEOUT);
        assertThat(kindOf(read)).isEqualTo(FailureKind.TIMEOUT);

        assertThat(origin.stuckThreads()).isOne();
        share.permits.release(1);
        awaitNoStuckThread();
    }

    @Test
    void failsAtOnceWhileEveryThreadIsStuckAndWorksAgainWhenTheyComeBack() throws InterruptedException {
        Future<Buffer> first = read();
        Future<Buffer> second = read();
        share.entered.acquire(THREADS);
        timers.advance(TIMEOUT);
        assertThat(kindOf(first)).isEqualTo(FailureKind.TIMEOUT);
        assertThat(kindOf(second)).isEqualTo(FailureKind.TIMEOUT);
        assertThat(origin.stuckThreads()).isEqualTo(THREADS);

        Future<Buffer> third = read();
        assertThat(third.isComplete()).as("without waiting").isTrue();
        assertThat(kindOf(third)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kindOf(origin.probe(Deadlines.generous()))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(share.entered.availablePermits()).isZero();

        share.permits.release(THREADS);
        awaitNoStuckThread();
        share.permits.release(1);
        assertThat(await(origin.read(PATH, VERSION, new ByteRange(0, 3), Deadlines.generous()))
                        .length())
                .isEqualTo(3);
    }

    @Test
    void neverBeginsACallThatTimedOutBeforeItHadAThread() throws InterruptedException {
        MountedOrigin patient = origin(Duration.ofSeconds(60));
        Future<Buffer> first = patient.read(PATH, VERSION, new ByteRange(0, 3), Deadlines.generous());
        Future<Buffer> second = patient.read(PATH, VERSION, new ByteRange(0, 3), Deadlines.generous());
        share.entered.acquire(THREADS);

        Future<Buffer> waiting = patient.read(PATH, VERSION, new ByteRange(0, 3), Deadline.in(Duration.ofMillis(20)));
        timers.advance(Duration.ofMillis(20));
        assertThat(kindOf(waiting)).isEqualTo(FailureKind.TIMEOUT);
        assertThat(patient.stuckThreads()).isZero();

        share.permits.release(3);
        await(first);
        await(second);
        await(patient.stat(PATH, Deadlines.generous()));
        assertThat(share.entered.availablePermits())
                .as("the look, and not the read")
                .isOne();
    }

    @Test
    void refusesWhatWouldQueueWithoutBound() {
        MountedOrigin patient = origin(Duration.ofSeconds(60));
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            Future<Buffer> read = patient.read(PATH, VERSION, new ByteRange(0, 3), Deadlines.generous());
            refused += read.isComplete() && kindOf(read) == FailureKind.UNAVAILABLE ? 1 : 0;
        }

        assertThat(refused).isEqualTo(1000 - THREADS * 33);
    }

    @Test
    void givesAListingTimeAsLongAsSomethingComes() throws InterruptedException {
        share.progress.set(3);
        Future<List<OriginEntry>> listing = origin.list(RealPath.ROOT);
        for (int i = 0; i < 3; i++) {
            share.entered.acquire();
            timers.advance(TIMEOUT);
            assertThat(listing.isComplete()).isFalse();
            share.permits.release();
        }
        share.entered.acquire();

        timers.advance(TIMEOUT);

        assertThat(kindOf(listing)).isEqualTo(FailureKind.TIMEOUT);
    }

    private Future<Buffer> read() {
        return origin.read(PATH, VERSION, new ByteRange(0, 3), Deadlines.generous());
    }

    private void awaitNoStuckThread() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (origin.stuckThreads() > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(origin.stuckThreads()).isZero();
    }

    private static FailureKind kindOf(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
            throw new AssertionError("did not fail");
        } catch (ExecutionException e) {
            return MusicFsException.kindOf(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
