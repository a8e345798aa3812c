package dev.musicfs.origin.guard;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.HeldFailpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Probes origins through Vert.x's health checks, each by a deadline. */
final class Prober {
    private final GuardServices services;
    private final HealthChecks checks;
    private volatile Duration timeout;
    private final Map<OriginId, Throwable> failures = new ConcurrentHashMap<>();

    Prober(Iterable<GuardedOrigin> origins, Duration timeout, GuardServices services) {
        this.services = services;
        this.timeout = timeout;
        this.checks = HealthChecks.create(services.vertx());
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
        answer(origin, deadline).onComplete(outcome -> {
            if (outcome.succeeded()) {
                status.tryComplete(Status.OK());
            } else {
                failures.put(origin.id(), outcome.cause());
                status.tryComplete(Status.KO());
            }
        });
    }

    private Future<Void> answer(GuardedOrigin origin, Deadline deadline) {
        if (!Failpoints.isArmed(Failpoint.HEALTH_CHECK_HANG)) {
            return origin.probe(deadline);
        }
        Future<Void> held =
                HeldFailpoint.pass(Failpoint.HEALTH_CHECK_HANG, services.vertx().getOrCreateContext());
        return deadline.bound(held, services.timers(), () -> silent(origin)).compose(v -> origin.probe(deadline));
    }

    private MusicFsException silent(GuardedOrigin origin) {
        return new MusicFsException(
                FailureKind.TIMEOUT,
                "Origin " + origin.id() + " did not answer a probe within " + timeout.toMillis() + " ms.");
    }
}
