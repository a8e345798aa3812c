package dev.musicfs.origin.guard;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Probes origins through Vert.x's health checks, each by a deadline. */
@Attended(workers = "for the failpoint only, whose probe has a deadline")
final class Prober {
    private static final int MOST_THREADS = 16;

    private final GuardServices services;
    private final HealthChecks checks;
    private final WorkerExecutor workers;
    private volatile Duration timeout;
    private final Map<OriginId, Future<Void>> passing = new ConcurrentHashMap<>();
    private final Map<OriginId, Throwable> failures = new ConcurrentHashMap<>();

    Prober(Iterable<GuardedOrigin> origins, int count, Duration timeout, GuardServices services) {
        this.services = services;
        this.timeout = timeout;
        this.checks = HealthChecks.create(services.vertx());
        this.workers = services.vertx()
                .createSharedWorkerExecutor("health", Math.max(1, Math.min(MOST_THREADS, count)), 1, TimeUnit.HOURS);
        origins.forEach(this::register);
    }

    /** Can be asked to probe this one from now on. */
    void register(GuardedOrigin origin) {
        // A guard answers in time; Vert.x wants a timeout, whose timer outlives every check.
        long unusedMillis = timeout.multipliedBy(2).toMillis();
        checks.register(origin.id().value(), unusedMillis, status -> check(origin, status));
    }

    /** And from now on no longer. */
    void forget(OriginId origin) {
        checks.unregister(origin.value());
        failures.remove(origin);
    }

    /** How long probes may take from now on, of those that are registered from now on. */
    void timeout(Duration bound) {
        timeout = bound;
    }

    /** Empty when the origin answered, else why it did not; never fails. */
    Future<Optional<Throwable>> probe(GuardedOrigin origin) {
        failures.remove(origin.id());
        return checks.checkStatus(origin.id().value())
                .map(result -> io.vertx.ext.healthchecks.CheckResult.isUp(result)
                        ? Optional.<Throwable>empty()
                        : Optional.of(failures.getOrDefault(origin.id(), silent(origin))))
                .recover(failure -> Future.succeededFuture(Optional.of(failure)));
    }

    private void check(GuardedOrigin origin, Promise<Status> status) {
        Deadline deadline = services.in(timeout);
        deadline.bound(pass(origin.id()), services.timers(), () -> silent(origin))
                .compose(v -> origin.probe(deadline))
                .onComplete(outcome -> {
                    if (outcome.succeeded()) {
                        status.tryComplete(Status.OK());
                    } else {
                        failures.put(origin.id(), outcome.cause());
                        status.tryComplete(Status.KO());
                    }
                });
    }

    /** The failpoint, on a thread it may keep; while it does, no second one is given to it. */
    private Future<Void> pass(OriginId origin) {
        Future<Void> before = passing.get(origin);
        if (before != null && !before.isComplete()) {
            return before;
        }
        Future<Void> now = workers.executeBlocking(
                () -> {
                    Failpoints.hit(Failpoint.HEALTH_CHECK_HANG);
                    return null;
                },
                false);
        passing.put(origin, now);
        return now;
    }

    private MusicFsException silent(GuardedOrigin origin) {
        return new MusicFsException(
                FailureKind.TIMEOUT,
                "Origin " + origin.id() + " did not answer a probe within " + timeout.toMillis() + " ms.");
    }

    Future<Void> stop() {
        return workers.close();
    }
}
