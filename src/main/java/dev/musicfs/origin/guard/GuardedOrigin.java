package dev.musicfs.origin.guard;

import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.origin.guard.Permits.Permit;
import dev.musicfs.runtime.Calls;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.PooledBuffer;
import dev.musicfs.runtime.SingleFlight;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backend that answers in time or fails in time, whatever its server does: at most so many requests at a time, each
 * bounded, and none at all while it is known to be away. A request that the backend answers after its asker has given up
 * counts as under way until then, and its answer is dropped.
 *
 * <p>Failures beyond the backend's: {@code UNAVAILABLE} at once while it is away and when too many requests wait, {@code
 * TIMEOUT} when the deadline passes while waiting.
 */
public final class GuardedOrigin implements Origin {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedOrigin.class);
    /** A request that had less than this says nothing about the origin when it is late. */
    private static final Duration FAIR = Duration.ofSeconds(1);
    /** What a larger read takes says more about its size. */
    private static final long SMALL_BYTES = 64 * 1024;

    private final Origin backend;
    private final GuardOptions options;
    private final GuardServices services;
    private final Permits permits;
    private final TokenBucket bandwidth;
    private final Breaker breaker;
    private final BackendStarter starting;
    private final OriginMetrics metrics = new OriginMetrics();
    private final List<Runnable> onChange = new CopyOnWriteArrayList<>();
    private final List<Runnable> onSuspicion = new CopyOnWriteArrayList<>();
    private final AtomicLong suspectedNanos;
    private final SingleFlight<OriginId, Void> probes = new SingleFlight<>();
    private volatile boolean healthy = true;
    private volatile long downSinceNanos;

    /** Touches nothing before {@link #start}. */
    public GuardedOrigin(Origin backend, GuardOptions options, GuardServices services) {
        this.backend = backend;
        this.options = options;
        this.services = services;
        this.permits = new Permits(options.concurrency(), options.queueLimit(), services.timers());
        this.bandwidth = new TokenBucket(services.clock(), options.bandwidthBytesPerSecond());
        this.starting = new BackendStarter(backend, services, options.timeout());
        this.breaker =
                new Breaker(backend.id(), services, options, this::lookAgain, () -> onChange.forEach(Runnable::run));
        this.suspectedNanos = new AtomicLong(
                services.clock().monotonicNanos() - options.resetTimeout().toNanos());
        // They would wait for their turn with an origin that is known to be away.
        onBreaker(() -> {
            if (breaker.state() == BreakerState.OPEN) {
                permits.turnAway(breaker::refusal);
            }
        });
        this.downSinceNanos = services.clock().monotonicNanos();
    }

    @Override
    public OriginId id() {
        return backend.id();
    }

    /** Succeeds when the origin is away, too: it is started by a later probe then. */
    @Override
    public Future<Void> start() {
        return starting.ensure().recover(failure -> {
            if (!BackendStarter.away(failure)) {
                return Future.failedFuture(failure);
            }
            LOG.warn("Origin {} is away at the start: {}", id(), failure.getMessage());
            breaker.open(String.valueOf(failure.getMessage()));
            return Future.succeededFuture();
        });
    }

    @Override
    public Future<Void> stop() {
        breaker.stop();
        starting.stop();
        return Calls.safely(backend::stop);
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        if (breaker.state() != BreakerState.HALF_OPEN) {
            return listing(directory);
        }
        // A listing may take minutes, and everybody else would have to wait for the outcome of such a trial.
        return stat(directory, services.in(options.timeout()))
                .map(true)
                .recover(failure -> MusicFsException.kindOf(failure).countsAgainstBreaker()
                        ? Future.failedFuture(failure)
                        : Future.succeededFuture(true))
                .compose(there -> listing(directory));
    }

    private Future<List<OriginEntry>> listing(RealPath directory) {
        return guarded(
                options.listTimeout(), services.in(options.listTimeout()), false, end -> backend.list(directory));
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return guarded(options.timeout(), deadline, true, end -> backend.stat(path, end));
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return paced(range, deadline, Buffer::length, end -> backend.read(path, expected, range, end));
    }

    /** A backend that is not waited for any more may still write: until it has answered, it holds the memory. */
    @Override
    public Future<Integer> readInto(
            RealPath path, FileVersion expected, ByteRange range, Deadline deadline, PooledBuffer into) {
        return paced(range, deadline, Integer::intValue, end -> {
            into.retain();
            return Calls.safely(() -> backend.readInto(path, expected, range, end, into))
                    .onComplete(answered -> into.release());
        });
    }

    /** A read, as soon as the bandwidth limit lets it. */
    private <T> Future<T> paced(
            ByteRange range, Deadline deadline, ToIntFunction<T> length, Function<Deadline, Future<T>> call) {
        Duration delay = bandwidth.delay();
        if (delay.isZero()) {
            return admitted(range, deadline, length, call);
        }
        if (delay.compareTo(deadline.remaining()) >= 0) {
            metrics.refused();
            return Future.failedFuture(new MusicFsException(
                    FailureKind.TIMEOUT, "The bandwidth limit of origin " + id() + " is used up beyond the deadline."));
        }
        Promise<T> later = Promise.promise();
        services.timers()
                .after(delay, () -> paced(range, deadline, length, call).onComplete(later));
        return later.future();
    }

    private <T> Future<T> admitted(
            ByteRange range, Deadline deadline, ToIntFunction<T> length, Function<Deadline, Future<T>> call) {
        bandwidth.take(range.length());
        boolean small = range.length() <= SMALL_BYTES;
        return guarded(options.timeout(), deadline, small, call).onComplete(outcome -> {
            long got = outcome.succeeded() ? length.applyAsInt(outcome.result()) : 0;
            metrics.read(got);
            bandwidth.take(got - range.length());
        });
    }

    /**
     * Passes an open breaker and a full queue, since it is what finds out whether the origin is back: then it lets the
     * breaker admit a trial. There is one at a time; who asks meanwhile shares its answer, for as long as the deadline
     * lets. Starts the backend if that has not succeeded so far.
     */
    @Override
    public Future<Void> probe(Deadline deadline) {
        long began = services.clock().monotonicNanos();
        return deadline.atMost(options.timeout())
                .bound(
                        probes.run(id(), () -> probeBackend(deadline)),
                        services.timers(),
                        () -> new MusicFsException(
                                FailureKind.TIMEOUT, "Origin " + id() + " did not answer a probe in time."))
                .onSuccess(v -> {
                    metrics.took(services.clock().monotonicNanos() - began);
                    breaker.answered();
                })
                .onFailure(failure -> breaker.missed());
    }

    private Future<Void> probeBackend(Deadline deadline) {
        return starting.ensure().compose(v -> Calls.safely(() -> backend.probe(deadline)));
    }

    @Override
    public Optional<OriginWatch> watch() {
        return backend.watch();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return backend.directFiles();
    }

    /** How it is doing, without asking it. */
    public OriginSnapshot snapshot() {
        BreakerState state = breaker.state();
        long since = state == BreakerState.CLOSED ? downSinceNanos : breaker.openSinceNanos();
        return new OriginSnapshot(id(), starting.started(), healthy, state, since, metrics.latency(), breaker.why());
    }

    /** What became of its requests so far. */
    public GuardStats stats() {
        return metrics.snapshot(permits, breaker.state());
    }

    /** How many failures in a row make it an ill one. */
    int threshold() {
        return options.openAfterFailures();
    }

    /** Requests that were refused so far without asking it. */
    long refusals() {
        return metrics.refusals();
    }

    /** Has something done whenever the breaker has changed its state; it must not block. */
    void onBreaker(Runnable then) {
        onChange.add(then);
    }

    /** Has something done, not too often, when it would be good to know whether the origin refuses all or only some. */
    void onSuspicion(Runnable then) {
        onSuspicion.add(then);
    }

    /** What health makes of its probes: an origin that is ill is asked nothing until a trial succeeds. */
    void healthy(boolean now, String why) {
        if (healthy && !now) {
            downSinceNanos = services.clock().monotonicNanos();
        }
        healthy = now;
        if (!now) {
            breaker.open(why);
        }
    }

    @Dropped("the breaker is told of the outcome")
    private void lookAgain() {
        probe(services.in(options.timeout()));
    }

    /**
     * Makes a request when it is its turn.
     *
     * @param longest what one such request may take of the deadline: a backend that went on for longer would hold others
     *     up for nobody's sake
     * @param small whether how long it takes says something of the origin
     * @param call given the deadline of this request
     */
    private <T> Future<T> guarded(
            Duration longest, Deadline deadline, boolean small, Function<Deadline, Future<T>> call) {
        metrics.request();
        MusicFsException away = refusal();
        if (away != null) {
            metrics.refused();
            return Future.failedFuture(away);
        }
        Future<Permit> permit = permits.acquire(deadline);
        permit.onFailure(full -> metrics.refused());
        return permit.compose(mine -> withPermit(mine, longest, deadline, small, call));
    }

    private @Nullable MusicFsException refusal() {
        if (breaker.refuses()) {
            return breaker.refusal();
        }
        return starting.started()
                ? null
                : new MusicFsException(FailureKind.UNAVAILABLE, "Origin " + id() + " is not started.");
    }

    private <T> Future<T> withPermit(
            Permit permit, Duration longest, Deadline deadline, boolean small, Function<Deadline, Future<T>> call) {
        Duration remaining = deadline.remaining();
        if (remaining.isZero()) {
            permit.release();
            metrics.refused();
            return Future.failedFuture(late());
        }
        Request<T> request = new Request<>(permit, deadline.atMost(longest), small, call);
        boolean fair = remaining.compareTo(FAIR) >= 0 || remaining.compareTo(longest) >= 0;
        Future<T> outcome;
        if (fair) {
            outcome = breaker.run(request);
        } else if (breaker.state() == BreakerState.CLOSED) {
            outcome = request.get();
        } else {
            outcome = Future.failedFuture(breaker.refusal());
        }
        if (!request.made) {
            permit.release();
            metrics.refused();
        }
        return outcome;
    }

    private void failed(Throwable failure) {
        FailureKind kind = MusicFsException.kindOf(failure);
        metrics.failed(kind);
        long now = services.clock().monotonicNanos();
        if (kind == FailureKind.REJECTED
                && now - suspectedNanos.get() >= options.resetTimeout().toNanos()) {
            suspectedNanos.set(now);
            onSuspicion.forEach(Runnable::run);
        }
    }

    private MusicFsException late() {
        return new MusicFsException(FailureKind.TIMEOUT, "Origin " + id() + " did not answer in time.");
    }

    /** One request to the backend; keeps its permit until the backend has really answered. */
    private final class Request<T> implements Supplier<Future<T>> {
        private final Permit permit;
        private final Deadline end;
        private final boolean small;
        private final Function<Deadline, Future<T>> call;
        private boolean made;

        Request(Permit permit, Deadline end, boolean small, Function<Deadline, Future<T>> call) {
            this.permit = permit;
            this.end = end;
            this.small = small;
            this.call = call;
        }

        @Override
        public Future<T> get() {
            made = true;
            long began = services.clock().monotonicNanos();
            Future<T> running = Calls.safely(() -> call.apply(end));
            Future<T> outcome = end.bound(running, services.timers(), GuardedOrigin.this::late);
            outcome.onFailure(GuardedOrigin.this::failed);
            running.onComplete(answer -> {
                permit.release();
                if (outcome.isComplete() && outcome != running && outcome.failed() && answer.succeeded()) {
                    metrics.late();
                } else if (answer.succeeded() && small) {
                    metrics.took(services.clock().monotonicNanos() - began);
                }
            });
            return outcome;
        }
    }
}
