package dev.musicfs.origin.guard;

import dev.musicfs.failure.Dropped;
import dev.musicfs.model.OriginId;
import dev.musicfs.runtime.EventAddresses;
import dev.musicfs.runtime.SerialExecutor;
import dev.musicfs.runtime.TaskHandle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches all origins, each with its own rhythm, and knows what state the daemon is in. One line and one event for every
 * change, and one line now and then while something is ill. For any thread.
 */
public final class Health {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private final GuardServices services;
    private final Prober prober;
    private final SerialExecutor serial = new SerialExecutor();
    private final Map<OriginId, OriginHealth> origins = new LinkedHashMap<>();
    private final Map<OriginId, Promise<HealthState>> probing = new HashMap<>();
    private final Map<OriginId, Runnable> timers = new HashMap<>();
    private Runnable summary = () -> {};
    private String cacheIll = "";
    private String catalogIll = "";
    private final Promise<Void> settled = Promise.promise();
    private Promise<Void> life = Promise.promise();
    private HealthOptions options;
    private boolean running;
    private volatile DaemonState state = DaemonState.READY;

    Health(List<GuardedOrigin> origins, HealthOptions options, GuardServices services) {
        this.options = options;
        this.services = services;
        this.prober = new Prober(origins, options.timeout(), services);
        for (GuardedOrigin origin : origins) {
            this.origins.put(origin.id(), watched(origin));
        }
        settleIfKnown();
    }

    @Dropped("a probe fails only with the task, which is reported")
    private OriginHealth watched(GuardedOrigin origin) {
        origin.onBreaker(() -> turn(() -> breakerChanged(origin)));
        origin.onSuspicion(() -> probeNow(origin.id()));
        return new OriginHealth(origin, services.clock(), services.events());
    }

    /**
     * Watches these from now on, in this way. What is known of those that were watched before is kept; the others are
     * probed at once, and all of them when the way is another.
     *
     * @param guards in the order of the configuration
     */
    public void change(List<GuardedOrigin> guards, HealthOptions way) {
        List<GuardedOrigin> wanted = List.copyOf(guards);
        turn(() -> changeNow(wanted, way));
    }

    @Dropped("a probe fails only with the task, which is reported")
    private void changeNow(List<GuardedOrigin> wanted, HealthOptions way) {
        boolean otherWay = !way.equals(options);
        options = way;
        prober.timeout(way.timeout());
        Map<OriginId, OriginHealth> before = new LinkedHashMap<>(origins);
        origins.clear();
        List<OriginHealth> toProbe = new ArrayList<>();
        for (GuardedOrigin guard : wanted) {
            OriginHealth known = before.get(guard.id());
            boolean kept = known != null && known.guard() == guard;
            OriginHealth health = kept ? known : watched(guard);
            if (kept) {
                before.remove(guard.id());
            }
            if (otherWay || !kept) {
                if (kept) {
                    prober.forget(guard.id());
                } else if (before.containsKey(guard.id())) {
                    forget(guard.id());
                    before.remove(guard.id());
                }
                prober.register(guard);
                toProbe.add(health);
            }
            origins.put(guard.id(), health);
        }
        before.keySet().forEach(this::forget);
        if (running) {
            toProbe.forEach(this::probe);
            evaluate();
        }
    }

    private void forget(OriginId id) {
        prober.forget(id);
        probing.remove(id);
        Runnable timer = timers.remove(id);
        if (timer != null) {
            timer.run();
        }
    }

    /** As a supervised task: watches until it is told to end, or dies of what it did not expect. */
    @Dropped("the end of a task is asked for, and nothing else")
    Future<Void> run(TaskHandle handle) {
        Promise<Void> own = Promise.promise();
        turn(() -> life = own);
        handle.stopRequested()
                .onSuccess(v -> turn(() -> {
                    rest();
                    own.tryComplete();
                }));
        start();
        return own.future();
    }

    /** Begins to probe, all at once. */
    @Dropped("a probe fails only with the task, which is reported")
    void start() {
        turn(() -> {
            running = true;
            origins.values().forEach(this::probe);
        });
    }

    /** Ends the probing. */
    void stop() {
        turn(() -> {
            rest();
            life.tryComplete();
        });
    }

    private void rest() {
        running = false;
        timers.values().forEach(Runnable::run);
        timers.clear();
        summary.run();
    }

    private void turn(Runnable task) {
        serial.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                rest();
                List<Promise<HealthState>> waiting = List.copyOf(probing.values());
                probing.clear();
                // Who is told finds the death counted.
                life.tryFail(e);
                waiting.forEach(each -> each.tryFail(e));
            }
        });
    }

    /** Of the daemon. */
    public DaemonState state() {
        return state;
    }

    /** Completes, on any thread, once each origin has answered its first probe or failed to; does not fail. */
    public Future<Void> settled() {
        return settled.future();
    }

    private void settleIfKnown() {
        if (origins.values().stream().noneMatch(each -> each.state() == HealthState.UNKNOWN)) {
            settled.tryComplete();
        }
    }

    /** Why those origins are not up that failed; the others are left out. In the order of the configuration. */
    public Future<Map<OriginId, String>> failing() {
        Promise<Map<OriginId, String>> answer = Promise.promise();
        turn(() -> {
            Map<OriginId, String> now = new LinkedHashMap<>();
            origins.forEach((id, each) -> {
                if (isIll(each)) {
                    now.put(id, each.why());
                }
            });
            answer.complete(now);
        });
        return answer.future();
    }

    /** Of every origin, in the order of the configuration. */
    public Future<Map<OriginId, HealthState>> origins() {
        Promise<Map<OriginId, HealthState>> answer = Promise.promise();
        turn(() -> {
            Map<OriginId, HealthState> now = new LinkedHashMap<>();
            origins.forEach((id, each) -> now.put(id, each.state()));
            answer.complete(now);
        });
        return answer.future();
    }

    /** Probes an origin now, or joins the probe that is under way; its state after that. {@code DOWN} if it is unknown. */
    public Future<HealthState> probeNow(OriginId id) {
        Promise<HealthState> answer = Promise.promise();
        turn(() -> {
            OriginHealth origin = origins.get(id);
            if (origin == null || !running) {
                answer.complete(origin == null ? HealthState.DOWN : origin.state());
            } else {
                probe(origin).onComplete(answer);
            }
        });
        return answer.future();
    }

    /** The cache is ill, for this reason; or well again, with an empty one. */
    public void cache(String illness) {
        turn(() -> {
            cacheIll = illness;
            evaluate();
        });
    }

    /** The catalog is so, as in "damaged: WHAT"; or well, with an empty text. */
    public void catalog(String illness) {
        turn(() -> {
            catalogIll = illness;
            evaluate();
        });
    }

    @Dropped("a probe fails only with the task, which is reported")
    private void breakerChanged(GuardedOrigin guard) {
        OriginHealth origin = origins.get(guard.id());
        if (running
                && origin != null
                && origin.guard() == guard
                && (origin.state() != HealthState.UP || !guard.snapshot().usable())) {
            probe(origin);
        }
    }

    @Dropped("every caller of a prober gets an answer")
    private Future<HealthState> probe(OriginHealth origin) {
        Promise<HealthState> before = probing.get(origin.id());
        if (before != null) {
            return before.future();
        }
        Promise<HealthState> mine = Promise.promise();
        probing.put(origin.id(), mine);
        timers.getOrDefault(origin.id(), () -> {}).run();
        prober.probe(origin.guard())
                .onSuccess(failure -> turn(() -> {
                    if (probing.get(origin.id()) != mine) {
                        // Of a life before this one, or of an origin that was replaced meanwhile.
                        mine.tryComplete(origin.state());
                        return;
                    }
                    if (running && origins.get(origin.id()) == origin) {
                        probed(origin, failure);
                    }
                    probing.remove(origin.id());
                    mine.complete(origin.state());
                }));
        return mine.future();
    }

    @Dropped("a probe fails only with the task, which is reported")
    private void probed(OriginHealth origin, Optional<Throwable> failure) {
        HealthState before = origin.state();
        if (origin.probed(failure.orElse(null))) {
            if (origin.state() == HealthState.UP) {
                LOG.info("Origin {} is back.", origin.id());
            } else {
                LOG.warn("Origin {} was {}, now {}.", origin.id(), before, origin.summary());
            }
        }
        evaluate();
        settleIfKnown();
        Runnable again = services.timers()
                .after(
                        rhythm(origin),
                        () -> turn(() -> {
                            if (running && origins.get(origin.id()) == origin) {
                                probe(origin);
                            }
                        }));
        timers.put(origin.id(), again);
    }

    private Duration rhythm(OriginHealth origin) {
        if (origin.suspected()) {
            return options.suspicionInterval();
        }
        return state == DaemonState.OFFLINE ? options.offlineInterval() : options.interval();
    }

    private void evaluate() {
        DaemonState now = due();
        if (now == state) {
            return;
        }
        DaemonState before = state;
        state = now;
        String why = now == DaemonState.READY ? "" : illnesses();
        services.events().publish(EventAddresses.STATE, new DaemonStateChanged(before.name(), now.name(), why));
        if (now == DaemonState.OFFLINE) {
            services.events()
                    .publish(EventAddresses.ALL_ORIGINS_UNHEALTHY, new AllOriginsUnhealthy(origins.size(), why));
        }
        if (now == DaemonState.READY) {
            LOG.info("MusicFS was {} and is READY.", before);
            summary.run();
        } else {
            LOG.warn("MusicFS was {} and is {}: {}.", before, now, why);
            if (before == DaemonState.READY) {
                summarizeLater();
            }
        }
    }

    private DaemonState due() {
        if (!origins.isEmpty() && origins.values().stream().noneMatch(OriginHealth::reachable)) {
            return DaemonState.OFFLINE;
        }
        boolean ill = !cacheIll.isEmpty()
                || !catalogIll.isEmpty()
                || origins.values().stream().anyMatch(Health::isIll);
        return ill ? DaemonState.DEGRADED : DaemonState.READY;
    }

    private static boolean isIll(OriginHealth origin) {
        return origin.state() != HealthState.UP && origin.state() != HealthState.UNKNOWN;
    }

    /** What is ill, in words. */
    String illnesses() {
        Stream<String> ofOrigins =
                origins.values().stream().filter(Health::isIll).map(OriginHealth::summary);
        Stream<String> ofStores = Stream.of(
                cacheIll.isEmpty() ? "" : "the cache is ill: " + cacheIll,
                catalogIll.isEmpty() ? "" : "the catalog is " + catalogIll);
        return Stream.concat(ofOrigins, ofStores.filter(each -> !each.isEmpty()))
                .collect(Collectors.joining("; "));
    }

    private void summarizeLater() {
        summary = services.timers()
                .after(
                        options.summaryInterval(),
                        () -> turn(() -> {
                            if (running && state != DaemonState.READY) {
                                LOG.warn("MusicFS is {}: {}.", state, illnesses());
                                summarizeLater();
                            }
                        }));
    }
}
