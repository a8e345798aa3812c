package dev.musicfs.app;

import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.guard.CopyBlamed;
import dev.musicfs.origin.guard.GuardOptions;
import dev.musicfs.origin.guard.GuardServices;
import dev.musicfs.origin.guard.GuardedOrigin;
import dev.musicfs.origin.guard.Health;
import dev.musicfs.origin.guard.HealthOptions;
import dev.musicfs.origin.guard.HealthState;
import dev.musicfs.origin.guard.HealthVerticle;
import dev.musicfs.origin.guard.Member;
import dev.musicfs.origin.guard.OriginStateChanged;
import dev.musicfs.origin.guard.OriginVerticle;
import dev.musicfs.origin.guard.RememberingResolver;
import dev.musicfs.origin.guard.ReplicaOptions;
import dev.musicfs.origin.guard.Replicas;
import dev.musicfs.origin.guard.ResolverOptions;
import dev.musicfs.origin.guard.Standing;
import dev.musicfs.runtime.EventAddresses;
import dev.musicfs.runtime.TaskSupervisor;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The configured origins: each behind its guard, in a verticle and with worker threads of its own, all under watch. */
final class OriginService {
    // A call to a dead share stays in the kernel for as long as that likes; its reader has been answered by then, and
    // the
    // blocked-thread checker would say it every second.
    private static final long LONGEST_CALL_HOURS = 24;

    private final Vertx vertx;
    private final Map<OriginId, Running> origins = new LinkedHashMap<>();
    private final RememberingResolver names;
    private final Replicas replicas;
    private final HealthVerticle health;
    private final List<String> deployed = new CopyOnWriteArrayList<>();

    /**
     * One of them.
     *
     * @param config as it is configured
     * @param verticle what it runs in
     * @param origin how everybody reaches it
     * @param workers the threads for its blocking calls
     */
    record Running(OriginConfig config, OriginVerticle verticle, Origin origin, WorkerExecutor workers) {
        GuardedOrigin guard() {
            return verticle.guard();
        }
    }

    /**
     * Nothing is touched before {@link #start}.
     *
     * @param tasks looks after what watches the origins
     */
    OriginService(Vertx vertx, MusicFsConfig config, TaskSupervisor tasks) {
        this.vertx = vertx;
        GuardServices services = GuardServices.of(vertx);
        this.names = new RememberingResolver(ResolverOptions.defaults(), services);
        List<Member> members = new ArrayList<>();
        for (OriginConfig each : config.enabledOrigins()) {
            WorkerExecutor workers = vertx.createSharedWorkerExecutor(
                    "origin-" + each.id(), each.concurrency(), LONGEST_CALL_HOURS, TimeUnit.HOURS);
            Origin backend =
                    Backends.of(each.type()).create(each, new BackendContext(vertx, workers, names, services.clock()));
            OriginVerticle verticle = new OriginVerticle(
                    backend, GuardOptions.of(each, config.health().threshold(each.type())), services);
            origins.put(each.id(), new Running(each, verticle, verticle.origin(), workers));
            members.add(verticle.member(each.priority()));
        }
        this.replicas = new Replicas(members, ReplicaOptions.defaults(), services);
        this.health = new HealthVerticle(
                origins.values().stream().map(Running::guard).toList(),
                HealthOptions.of(config.health()),
                services,
                tasks);
    }

    /** Deploys everything; an origin that is away is no failure, and none waits for another. */
    Future<Void> start() {
        List<Future<Void>> deploying =
                origins.values().stream().map(each -> deploy(each.verticle())).toList();
        return Future.join(deploying).transform(done -> deploy(health));
    }

    private Future<Void> deploy(VerticleBase verticle) {
        return vertx.deployVerticle(verticle).onSuccess(deployed::add).mapEmpty();
    }

    /** Undeploys everything, what watches before what is watched; calls that are still under way are not waited for. */
    Future<Void> stop() {
        List<String> reversed = new ArrayList<>(deployed);
        Collections.reverse(reversed);
        List<Future<Void>> stopping = reversed.stream().map(vertx::undeploy).toList();
        return Future.join(stopping).<Void>mapEmpty().otherwiseEmpty().eventually(names::close);
    }

    /** The origin with this name, empty when it is not configured. */
    Optional<Origin> origin(OriginId id) {
        return Optional.ofNullable(origins.get(id)).map(Running::origin);
    }

    /** Whether an origin would be asked at present. */
    boolean serves(OriginId id) {
        Running running = origins.get(id);
        if (running == null) {
            return false;
        }
        Standing standing = running.guard().standing();
        return standing.usable() && standing.healthy();
    }

    /** All of them, in the order of the configuration. */
    List<Running> all() {
        return List.copyOf(origins.values());
    }

    /** What reads files from whichever of their copies can be had. */
    Replicas replicas() {
        return replicas;
    }

    /** What watches them. */
    Health health() {
        return health.health();
    }

    /** Has {@code listener} told, on an event loop, of every change of an origin's state. */
    void onChanged(BiConsumer<OriginId, HealthState> listener) {
        vertx.eventBus()
                .<OriginStateChanged>localConsumer(
                        EventAddresses.ORIGIN_STATE,
                        message -> listener.accept(
                                new OriginId(message.body().origin()),
                                HealthState.valueOf(message.body().now())));
    }

    /** Has {@code listener} told, on an event loop, of the directory of every copy that is not what the catalog has. */
    void onBlamed(BiConsumer<OriginId, RealPath> listener) {
        vertx.eventBus()
                .<CopyBlamed>localConsumer(
                        EventAddresses.COPY_BLAMED,
                        message -> listener.accept(
                                new OriginId(message.body().origin()),
                                new RealPath(message.body().path()).parent()));
    }

    /** Has {@code listener} told, on an event loop, of every origin that can be reached again. */
    void onRecovered(Consumer<OriginId> listener) {
        vertx.eventBus().<OriginStateChanged>localConsumer(EventAddresses.ORIGIN_STATE, message -> {
            if (message.body().recovered()) {
                listener.accept(new OriginId(message.body().origin()));
            }
        });
    }
}
