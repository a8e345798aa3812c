package dev.musicfs.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.config.DefaultConfig;
import dev.musicfs.config.HealthConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.SafetyConfig;
import dev.musicfs.config.reload.HotConfig;
import dev.musicfs.control.CacheStorage;
import dev.musicfs.library.LibraryService;
import dev.musicfs.library.LibrarySync;
import dev.musicfs.library.Syncs;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.local.LocalBackend;
import dev.musicfs.origin.registry.OriginService;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.LifecycleStack;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.runtime.Polling;
import dev.musicfs.runtime.Shutdown;
import dev.musicfs.runtime.TaskState;
import dev.musicfs.runtime.TaskSupervisor;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another configuration in the real rooms, with origins that are directories. */
class HotPartsTest {
    private static final OriginId DISK = new OriginId("disk");
    private static final OriginId NAS = new OriginId("nas");
    private static final CacheConfig CACHE = new CacheConfig(
            64 << 20, 0, 1 << 20, CacheConfig.Local.AUTO, CacheConfig.Durability.FAST, Duration.ofDays(30), 0);

    @TempDir
    private Path directory;

    private final Vertx vertx = TestingVertx.start();
    private Catalog catalog;
    private final LifecycleStack stack = new LifecycleStack();
    private OriginService origins;
    private LibraryService library;
    private TaskSupervisor tasks;
    private CacheStorage storage;
    private HotConfig hot;

    @BeforeEach
    void serve() throws IOException {
        for (OriginId id : List.of(DISK, NAS)) {
            Path album = Files.createDirectories(directory.resolve(id + "/album"));
            Files.writeString(album.resolve("of-" + id + ".mp3"), "no music at all");
        }
        MusicFsConfig config = config(CACHE, DefaultConfig.SAFETY, DefaultConfig.HEALTH, local(DISK));
        LocalMessages.register(vertx);
        catalog = Catalog.openBlocking(directory.resolve("catalog.db"));
        stack.push("the catalog", patience -> catalog.closeBlocking());
        LifecycleStack base = stack.section();
        LibraryServices services = LibraryServices.wire(
                vertx,
                config,
                new LibraryServices.Setting(
                        catalog,
                        new Tree(catalog.reader(), 1 << 20),
                        Template.parse(config.template()),
                        false,
                        progress -> {},
                        Optional.empty()),
                base,
                stack.section());
        origins = services.origins();
        library = services.library();
        tasks = services.tasks();
        ReadServices reading = ReadServices.startBlocking(config, services, base);
        storage = reading.storage();
        storage.awaitTriedBlocking(Duration.ofSeconds(30));
        Syncs syncs = new Syncs(library, tasks, new PrintStream(OutputStream.nullOutputStream()));
        hot = new HotConfig(config, DaemonServices.hotParts(services, reading, syncs), () -> {}, () -> {});
        await(origins.start());
        syncs.startAll();
        eventually(() -> known(DISK) == 1);
    }

    @AfterEach
    void close() {
        stack.stopBlocking(new Shutdown(Duration.ofMinutes(2), Clock.system()));
        await(vertx.close());
    }

    @Test
    @Resilience("3.6")
    void anOriginThatIsAddedIsScannedAndServesAndOneThatIsRemovedStaysInTheCatalog() {
        apply(local(DISK), local(NAS));
        eventually(() -> known(NAS) == 1);
        assertThat(origins.origin(NAS)).isPresent();
        assertThat(names()).containsExactly("sync-disk", "sync-nas");
        eventually(() -> get(origins.health().origins()).keySet().equals(Set.of(DISK, NAS)));

        apply(local(NAS));
        assertThat(origins.origin(DISK)).isEmpty();
        assertThat(names()).containsExactly("sync-nas");
        assertThat(get(origins.health().origins())).containsOnlyKeys(NAS);
        assertThat(known(DISK)).as("unknown is not absent").isEqualTo(1);

        apply(local(NAS), local(DISK));
        assertThat(origins.all()).extracting(each -> each.config().id()).containsExactly(NAS, DISK);
        assertThat(names()).containsExactly("sync-nas", "sync-disk");
    }

    @Test
    @Resilience("3.6")
    void anOriginThatOnlyRanksOtherwiseGoesOnAndOneThatIsOtherwiseConfiguredIsReplaced() {
        apply(local(DISK), local(NAS));
        OriginService.Running disk = origins.all().get(0);
        OriginService.Running nas = origins.all().get(1);
        apply(changed(local(DISK), 7, Duration.ofSeconds(10)), changed(local(NAS), 100, Duration.ofSeconds(3)));
        assertThat(origins.all().get(0).verticle()).isSameAs(disk.verticle());
        assertThat(origins.all().get(0).config().priority()).isEqualTo(7);
        assertThat(origins.all().get(1).verticle()).isNotSameAs(nas.verticle());
        assertThat(get(origins.origin(NAS).orElseThrow().list(new RealPath("album"))))
                .as("the new one answers")
                .hasSize(1);
        eventually(() -> setting().equals("disk nas"));
        apply(changed(local(DISK), 7, Duration.ofSeconds(10)), changed(local(NAS), 1, Duration.ofSeconds(3)));
        eventually(() -> setting().equals("nas disk"));
    }

    @Test
    @Resilience("3.6")
    void thresholdsAndSafetyReachTheOrigins() {
        OriginService.Running before = origins.all().get(0);
        LibrarySync sync = library.syncs().get(0);
        hot.applyBlocking(config(
                CACHE,
                DefaultConfig.SAFETY,
                new HealthConfig(Duration.ofSeconds(9), Duration.ofSeconds(2), 5, 7),
                local(DISK)));
        assertThat(origins.all().get(0).threshold()).isEqualTo(5);
        assertThat(origins.all().get(0).verticle()).isNotSameAs(before.verticle());
        assertThat(library.syncs().get(0)).isNotSameAs(sync);
        LibrarySync second = library.syncs().get(0);
        OriginService.Running kept = origins.all().get(0);
        hot.applyBlocking(config(
                CACHE,
                new SafetyConfig(50),
                new HealthConfig(Duration.ofSeconds(9), Duration.ofSeconds(2), 5, 7),
                local(DISK)));
        assertThat(origins.all().get(0).verticle()).isSameAs(kept.verticle());
        assertThat(library.syncs().get(0)).isNotSameAs(second);
    }

    @Test
    @Resilience("3.6")
    void theStoreTakesItsNewSize() {
        assertThat(storage.store().stats().limitBytes()).isEqualTo(64 << 20);
        hot.applyBlocking(config(
                new CacheConfig(
                        32 << 20,
                        0,
                        1 << 20,
                        CacheConfig.Local.AUTO,
                        CacheConfig.Durability.FAST,
                        Duration.ofDays(7),
                        4096),
                DefaultConfig.SAFETY,
                DefaultConfig.HEALTH,
                local(DISK)));
        assertThat(storage.store().stats().limitBytes()).isEqualTo(32 << 20);
        hot.applyBlocking(config(CACHE, DefaultConfig.SAFETY, DefaultConfig.HEALTH, local(DISK)));
        eventually(() -> storage.store().stats().limitBytes() == 64 << 20);
    }

    @Test
    @Resilience("3.6")
    void namesAllThatIsWrongBeyondTheText() {
        MusicFsConfig bad = new MusicFsConfig(
                Optional.empty(),
                directory,
                "$title/",
                List.of(local(DISK), local(new OriginId("gone")), local(new OriginId("lost"))),
                CACHE,
                DefaultConfig.FUSE,
                DefaultConfig.HEALTH,
                DefaultConfig.SAFETY,
                DefaultConfig.LOGGING,
                DefaultConfig.DRAIN_TIMEOUT);
        assertThat(hot.problemsBlocking(bad))
                .hasSize(3)
                .anyMatch(text -> text.contains("file name is missing"))
                .anyMatch(text -> text.contains("/gone does not exist"))
                .anyMatch(text -> text.contains("/lost does not exist"));
        assertThat(hot.problemsBlocking(hot.current())).isEmpty();
    }

    private void apply(OriginConfig... all) {
        hot.applyBlocking(config(CACHE, DefaultConfig.SAFETY, DefaultConfig.HEALTH, all));
        assertThat(hot.current().origins()).containsExactly(all);
    }

    private String setting() {
        return catalog.reader().settingBlocking("copies.ranks").orElse("");
    }

    private List<String> names() {
        return tasks.tasks().stream()
                .map(TaskState::name)
                .filter(name -> name.startsWith("sync-"))
                .toList();
    }

    private int known(OriginId id) {
        return catalog.reader().filesInBlocking(id, new RealPath("album")).size();
    }

    private OriginConfig local(OriginId id) {
        return OriginConfig.of(
                id, new LocalBackend().type(), new OriginSettings(Map.of("path", directory.resolve(id.value()))));
    }

    private static OriginConfig changed(OriginConfig origin, int priority, Duration timeout) {
        return new OriginConfig(
                origin.id(),
                origin.type(),
                origin.settings(),
                priority,
                true,
                origin.pollInterval(),
                timeout,
                origin.concurrency(),
                0);
    }

    private MusicFsConfig config(CacheConfig cache, SafetyConfig safety, HealthConfig health, OriginConfig... all) {
        return new MusicFsConfig(
                Optional.empty(),
                directory,
                "$title.$format",
                List.of(all),
                cache,
                DefaultConfig.FUSE,
                health,
                safety,
                DefaultConfig.LOGGING,
                DefaultConfig.DRAIN_TIMEOUT);
    }

    private static void eventually(BooleanSupplier condition) {
        assertThat(Polling.until(condition, Duration.ofMillis(10), Deadline.in(Duration.ofSeconds(60))))
                .isTrue();
    }

    private static <T> T get(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static void await(Future<?> future) {
        var unused = get(future);
    }
}
