package dev.musicfs.origin.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.testkit.FaultyOrigin;
import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.MemoryOrigin;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What tests of guards and of replicas work with: time turned by hand, events kept. */
public final class TestingGuard {
    public static final String PATH = "a/b.flac";

    public final ManualTime time = new ManualTime();
    public final Queue<Record> events = new ConcurrentLinkedQueue<>();
    public final GuardServices services;

    public TestingGuard(Vertx vertx) {
        services = new GuardServices(vertx, time, time, (address, event) -> events.add(event));
    }

    /** Four at a time, ten waiting, 10 s each. */
    public static GuardOptions options(int openAfterFailures) {
        return new GuardOptions(
                4,
                10,
                Duration.ofSeconds(10),
                Duration.ofMinutes(15),
                openAfterFailures,
                Duration.ofSeconds(5),
                Duration.ofSeconds(75),
                0);
    }

    /** One origin of a test, started. */
    public final class Place {
        public final MemoryOrigin memory;
        public final FaultyOrigin faulty;
        public final GuardedOrigin guard;

        public Place(String id, GuardOptions options) {
            memory = new MemoryOrigin(id);
            faulty = new FaultyOrigin(memory, time::after);
            guard = new GuardedOrigin(faulty, options, services);
            get(guard.start());
        }

        public OriginId id() {
            return memory.id();
        }

        public Copy put(byte[] bytes) {
            FileVersion version = memory.put(PATH, bytes);
            return Copy.whole(id(), new RealPath(PATH), version);
        }

        public int reads() {
            return faulty.calls(FaultyOrigin.Method.READ);
        }

        public int probes() {
            return faulty.calls(FaultyOrigin.Method.PROBE);
        }
    }

    public Place place(String id) {
        return new Place(id, options(3));
    }

    public Deadline patience() {
        return time.in(Duration.ofSeconds(30));
    }

    /** The outcome of something for which time has to pass. */
    public <T> Future<T> inTime(Future<T> future) {
        eventually(() -> {
            if (!future.isComplete()) {
                time.advance(Duration.ofMillis(50));
            }
            return future.isComplete();
        });
        return future;
    }

    public <E> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The outcome, which has to be there or to come without time being turned. */
    public static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MusicFsException ours) {
                throw ours;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no outcome", e);
        }
    }

    public static FailureKind kind(Future<?> future) {
        return failure(future).kind();
    }

    public static MusicFsException failure(Future<?> future) {
        try {
            get(future);
        } catch (MusicFsException e) {
            return e;
        }
        throw new AssertionError("should have failed");
    }

    /** Waits until something that other threads do is done; time stands still meanwhile. */
    public static void eventually(java.util.function.BooleanSupplier condition) {
        assertThat(dev.musicfs.runtime.Polling.until(
                        condition, Duration.ofMillis(2), Deadline.in(Duration.ofSeconds(20))))
                .isTrue();
    }
}
