package dev.musicfs.origin.registry;

import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.failure.Attended;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.guard.CachingResolver;
import dev.musicfs.origin.guard.GuardOptions;
import dev.musicfs.origin.guard.GuardServices;
import dev.musicfs.origin.guard.GuardedOrigin;
import dev.musicfs.origin.guard.Health;
import dev.musicfs.origin.guard.HealthOptions;
import dev.musicfs.origin.guard.HealthState;
import dev.musicfs.origin.guard.HealthVerticle;
import dev.musicfs.origin.guard.OriginSnapshot;
import dev.musicfs.origin.guard.OriginStateChanged;
import dev.musicfs.origin.guard.OriginVerticle;
import dev.musicfs.origin.guard.ResolverOptions;
import dev.musicfs.origin.replica.CopySuspected;
import dev.musicfs.origin.replica.ReplicaOptions;
import dev.musicfs.origin.replica.ReplicaOrigin;
import dev.musicfs.origin.replica.Replicas;
import dev.musicfs.runtime.EventAddresses;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.TaskSupervisor;
import dev.musicfs.runtime.Verticles;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configured origins: each behind its guard, in a verticle and with worker threads of its own, all under watch. */
@Attended(workers = "for calls to one origin, each with a deadline")
public final class OriginService {
    private static final Logger LOG = LoggerFactory.getLogger(OriginService.class);
    // A call to a dead share can stay in the kernel without end. Its reader has had its answer by then, and the
    // blocked-thread checker would warn every second.
    private static final Duration LONGEST_CALL = Duration.ofHours(24);
    /** Calls that wait for each thread of an origin, so that one that hangs does not gather them without end. */
    private static final int WAITING_PER_THREAD = 32;

    private final Vertx vertx;
    private final Verticles verticles;
    private final GuardServices services;
    private final CachingResolver resolver;
    private final Replicas replicas;
    private final HealthVerticle health;
    private final Map<VerticleBase, Future<String>> deployed = new ConcurrentHashMap<>();
    private final AtomicInteger replaced = new AtomicInteger();
    private volatile Map<OriginId, Running> origins = Map.of();

    /**
     * One of them.
     *
     * @param config as it is configured
     * @param verticle what it runs in
     * @param origin how everybody reaches it
     * @param workers the threads for its blocking calls
     * @param threshold failures in a row until it counts as down
     */
    public record Running(
            OriginConfig config, OriginVerticle verticle, Origin origin, WorkerExecutor workers, int threshold) {
        public GuardedOrigin guard() {
            return verticle.guard();
        }

        /** Whether this one can go on running under the other configuration; its priority may change meanwhile. */
        boolean fits(OriginConfig other, int otherThreshold) {
            // Every reading of the configuration brings types of its own.
            return threshold == otherThreshold
                    && config.type().name().equals(other.type().name())
                    && withTypeAndPriorityOf(other).equals(other);
        }

        private OriginConfig withTypeAndPriorityOf(OriginConfig other) {
            return new OriginConfig(
                    config.id(),
                    other.type(),
                    config.settings(),
                    other.priority(),
                    config.enabled(),
                    config.pollInterval(),
                    config.timeout(),
                    config.concurrency(),
                    config.bandwidthLimitBytes());
        }
    }

    /**
     * What another configuration means for the origins.
     *
     * @param all the origins afterwards, in the order of the configuration
     * @param added those of them that do not run yet, also where one of the same name is replaced
     * @param removed those that run now and will not afterwards, also where one of the same name replaces them
     * @param health how all are watched afterwards
     */
    public record Change(List<Running> all, List<Running> added, List<Running> removed, HealthOptions health) {}

    /**
     * Nothing is touched before {@link #start}.
     *
     * @param tasks looks after what watches the origins
     */
    public OriginService(Vertx vertx, Verticles verticles, MusicFsConfig config, TaskSupervisor tasks) {
        this.vertx = vertx;
        this.verticles = verticles;
        this.services = GuardServices.of(vertx);
        this.resolver = new CachingResolver(ResolverOptions.defaults(), services);
        Change first = prepare(config);
        this.origins = byId(first.all());
        this.replicas = new Replicas(members(first.all()), ReplicaOptions.defaults(), services);
        this.health =
                new HealthVerticle(first.all().stream().map(Running::guard).toList(), first.health(), services, tasks);
    }

    /** Deploys everything; an origin that is away is no failure, and none waits for another. */
    public Future<Void> start() {
        return deployAll(all()).compose(done -> deploy(health));
    }

    /** Makes the origins that are configured but do not run; touches nothing. Fails as a backend that cannot be made. */
    public Change prepare(MusicFsConfig config) {
        Map<OriginId, Running> before = origins;
        List<Running> all = new ArrayList<>();
        List<Running> added = new ArrayList<>();
        List<Running> removed = new ArrayList<>(before.values());
        try {
            for (OriginConfig each : config.enabledOrigins()) {
                int threshold = config.health().threshold(each.type());
                Running running = before.get(each.id());
                if (running != null && running.fits(each, threshold)) {
                    removed.remove(running);
                    all.add(new Running(each, running.verticle(), running.origin(), running.workers(), threshold));
                } else {
                    Running made = make(each, threshold, running != null);
                    added.add(made);
                    all.add(made);
                }
            }
        } catch (RuntimeException e) {
            added.forEach(each -> closed(each.workers()));
            throw e;
        }
        return new Change(all, added, removed, HealthOptions.of(config.health()));
    }

    private Running make(OriginConfig config, int threshold, boolean replaces) {
        // Pools are shared by name, and the one that is replaced may have another size.
        String name = "origin-" + config.id() + (replaces ? "-" + replaced.incrementAndGet() : "");
        WorkerExecutor workers = ExecutorPools.workers(
                vertx,
                name,
                "Origin " + config.id(),
                config.concurrency(),
                config.concurrency() * WAITING_PER_THREAD,
                LONGEST_CALL);
        try {
            Origin backend = Backends.of(config.type())
                    .create(config, new BackendContext(vertx, workers, resolver, services.clock()));
            OriginVerticle verticle = new OriginVerticle(backend, GuardOptions.of(config, threshold), services);
            return new Running(config, verticle, verticle.origin(), workers, threshold);
        } catch (RuntimeException e) {
            closed(workers);
            throw e;
        }
    }

    /** Deploys those that are added; afterwards {@link #use} shows them to everybody. Does not fail. */
    public Future<Void> deploy(Change change) {
        return deployAll(change.added());
    }

    /** From now on the origins of the new configuration are asked and watched. Returns at once. */
    public void use(Change change) {
        origins = byId(change.all());
        replicas.origins(members(change.all()));
        health().change(change.all().stream().map(Running::guard).toList(), change.health());
    }

    /** Undeploys those that are removed; requests they still get fail and are made to other copies. Does not fail. */
    public Future<Void> retire(Change change) {
        return Future.join(change.removed().stream()
                        .map(each -> undeploy(each.verticle())
                                .eventually(() -> each.workers().close()))
                        .toList())
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private Future<Void> deployAll(List<Running> all) {
        return Future.join(all.stream().map(each -> deploy(each.verticle())).toList())
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private Future<Void> deploy(VerticleBase verticle) {
        Future<String> deployment = verticles.deploy(verticle);
        deployed.put(verticle, deployment);
        return deployment.mapEmpty();
    }

    private Future<Void> undeploy(VerticleBase verticle) {
        Future<String> deployment = deployed.remove(verticle);
        return deployment == null ? Future.succeededFuture() : deployment.compose(verticles::undeploy);
    }

    private static void closed(WorkerExecutor workers) {
        workers.close().onFailure(e -> LOG.debug("Threads that were not needed are left.", e));
    }

    private static List<ReplicaOrigin> members(List<Running> all) {
        return all.stream()
                .map(each -> new ReplicaOrigin(
                        each.verticle().origin(),
                        each.guard()::snapshot,
                        each.config().priority()))
                .toList();
    }

    private static Map<OriginId, Running> byId(List<Running> all) {
        Map<OriginId, Running> byId = new LinkedHashMap<>();
        all.forEach(each -> byId.put(each.config().id(), each));
        return Collections.unmodifiableMap(byId);
    }

    /** Undeploys everything, what watches before what is watched; calls that are still under way are not waited for. */
    public Future<Void> stop() {
        List<Future<Void>> stopping = new ArrayList<>(List.of(undeploy(health)));
        deployed.keySet().forEach(each -> stopping.add(undeploy(each)));
        return Future.join(stopping).<Void>mapEmpty().otherwiseEmpty().eventually(resolver::close);
    }

    /** The origin with this name, empty when it is not configured. */
    public Optional<Origin> origin(OriginId id) {
        return Optional.ofNullable(origins.get(id)).map(Running::origin);
    }

    /** Whether an origin would be asked at present. */
    public boolean serves(OriginId id) {
        Running running = origins.get(id);
        if (running == null) {
            return false;
        }
        OriginSnapshot snapshot = running.guard().snapshot();
        return snapshot.usable() && snapshot.healthy();
    }

    /** All of them, in the order of the configuration. */
    public List<Running> all() {
        return List.copyOf(origins.values());
    }

    /** What reads files from whichever of their copies can be had. */
    public Replicas replicas() {
        return replicas;
    }

    /** What watches them. */
    public Health health() {
        return health.health();
    }

    /** Has {@code listener} told, on an event loop, of every change of an origin's state. */
    public void onChanged(BiConsumer<OriginId, HealthState> listener) {
        vertx.eventBus()
                .<OriginStateChanged>localConsumer(
                        EventAddresses.ORIGIN_STATE,
                        message -> listener.accept(
                                new OriginId(message.body().origin()),
                                HealthState.valueOf(message.body().now())));
    }

    /** Has {@code listener} told, on an event loop, of the directory of every copy that is not what the catalog has. */
    public void onSuspected(BiConsumer<OriginId, RealPath> listener) {
        vertx.eventBus()
                .<CopySuspected>localConsumer(
                        EventAddresses.COPY_SUSPECTED,
                        message -> listener.accept(
                                new OriginId(message.body().origin()),
                                new RealPath(message.body().path()).parent()));
    }

    /** Has {@code listener} told, on an event loop, of every origin that can be reached again. */
    public void onRecovered(Consumer<OriginId> listener) {
        vertx.eventBus().<OriginStateChanged>localConsumer(EventAddresses.ORIGIN_STATE, message -> {
            if (message.body().recovered()) {
                listener.accept(new OriginId(message.body().origin()));
            }
        });
    }
}
