package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LayoutRow;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.config.DefaultConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.formats.LayoutReader;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.local.LocalBackend;
import dev.musicfs.origin.registry.OriginService;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.runtime.TaskSupervisor;
import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.TestAudio.Spec;
import dev.musicfs.testkit.TestingVerticles;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.TreeUpdater;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryServiceTest {
    private static final OriginId DISK = new OriginId("disk");
    private static final AudioLayout LAYOUT = new AudioLayout(0, 7, List.of(), "");

    @TempDir
    private Path directory;

    private final Vertx vertx = TestingVertx.start();
    private Catalog catalog;

    @BeforeEach
    void fill() throws IOException {
        Path album = Files.createDirectories(directory.resolve("music/album"));
        Files.write(album.resolve("a.aac"), new byte[] {(byte) 0xFF, (byte) 0xF1, 0, 0, 0, 0, 0, 0});
        Files.writeString(album.resolve("damaged.aac"), "nonsense");
        catalog = Catalog.openBlocking(directory.resolve("catalog.db"));
    }

    @AfterEach
    void close() {
        catalog.closeBlocking();
        await(vertx.close());
    }

    @Test
    void layoutsOfLocalFilesAreKeptWhenTheyGoThroughTheStore() {
        scan(CacheConfig.Local.ALWAYS, 1L << 30);
        FileRow track = row("a.aac");
        assertThat(catalog.reader().layoutBlocking(track.id()))
                .contains(new LayoutRow(track.id(), track.version(), LAYOUT));
        FileRow damaged = row("damaged.aac");
        assertThat(damaged.wellFormed()).isFalse();
        assertThat(catalog.reader().layoutBlocking(damaged.id())).isEmpty();
    }

    @Test
    void layoutsOfLocalFilesAreNotReadWhenTheyStayOutsideTheStore() {
        scan(CacheConfig.Local.AUTO, 1L << 30);
        assertThat(catalog.reader().layoutBlocking(row("a.aac").id())).isEmpty();
    }

    @Test
    void layoutsAreNotReadWhenNothingIsStored() {
        scan(CacheConfig.Local.ALWAYS, 0);
        assertThat(catalog.reader().layoutBlocking(row("a.aac").id())).isEmpty();
    }

    @Test
    void theLayoutOfARealFileReachesTheCatalog() {
        Path file = directory.resolve("music/album/real.flac");
        TestAudio.copy(Spec.of(AudioEncoding.FLAC).with("title", "T").withPicture(), file);
        scan(CacheConfig.Local.ALWAYS, 1L << 30, LayoutReader::readBlocking);
        FileRow track = row("real.flac");
        AudioLayout layout =
                catalog.reader().layoutBlocking(track.id()).orElseThrow().layout();
        assertThat(layout).isEqualTo(LayoutReader.readBlocking(file, "flac"));
        assertThat(layout.pictures()).hasSize(1);
        assertThat(catalog.reader().layoutBlocking(row("damaged.aac").id())).isEmpty();
    }

    private FileRow row(String name) {
        return catalog.reader().filesInBlocking(DISK, new RealPath("album")).stream()
                .filter(row -> row.path().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void scan(CacheConfig.Local local, long sizeBytes) {
        scan(local, sizeBytes, (file, extension) -> LAYOUT);
    }

    private void scan(CacheConfig.Local local, long sizeBytes, LocalTagSource.Layouts layouts) {
        CacheConfig cache =
                new CacheConfig(sizeBytes, 0, 0, local, CacheConfig.Durability.FAST, Duration.ofDays(30), 0);
        MusicFsConfig config = new MusicFsConfig(
                Optional.empty(),
                directory,
                "$title.$format",
                List.of(OriginConfig.of(
                        DISK,
                        new LocalBackend().type(),
                        new OriginSettings(java.util.Map.of("path", directory.resolve("music"))))),
                cache,
                DefaultConfig.FUSE,
                DefaultConfig.HEALTH,
                DefaultConfig.SAFETY,
                DefaultConfig.LOGGING,
                DefaultConfig.DRAIN_TIMEOUT);
        LocalMessages.register(vertx);
        CatalogWriter writer = catalog.startWriter(vertx);
        Tree tree = new Tree(catalog.reader(), 1 << 20);
        TreeUpdater updater = new TreeUpdater(
                vertx, tree, catalog.reader(), writer, Template.parse(config.template()), Clock.system());
        OriginService origins = new OriginService(vertx, TestingVerticles.of(vertx), config, TaskSupervisor.on(vertx));
        LibraryService service = new LibraryService(
                vertx,
                config,
                false,
                origins.all(),
                new LibraryService.Parts(
                        catalog.reader(), writer, updater::apply, progress -> {}, Optional.of(layouts)));
        await(origins.start());
        await(service.syncs().get(0).reconcile());
        await(service.stop());
        await(origins.stop());
        await(updater.close());
    }

    private static void await(Future<?> future) {
        future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
