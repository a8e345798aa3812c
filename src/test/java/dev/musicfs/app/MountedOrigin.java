package dev.musicfs.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.config.DefaultConfig;
import dev.musicfs.content.fetch.ContentStats;
import dev.musicfs.content.file.Content;
import dev.musicfs.content.file.ContentVerticle;
import dev.musicfs.content.file.TestingContent;
import dev.musicfs.content.plan.CatalogManifests;
import dev.musicfs.content.plan.OriginLayouts;
import dev.musicfs.fuse.FuseMount;
import dev.musicfs.fuse.MountOptions;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.testkit.FaultyOrigin;
import dev.musicfs.testkit.MemoryChunkStore;
import dev.musicfs.testkit.MemoryOrigin;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.testkit.Timers;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.TreeUpdater;
import dev.musicfs.tree.template.Template;
import dev.musicfs.vfs.ContentBus;
import dev.musicfs.vfs.Presentation;
import dev.musicfs.vfs.TreeNamespace;
import dev.musicfs.vfs.VirtualFileSystem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * An origin in memory on a real mount in this process, put together as the daemon does it, with a fault that can be
 * switched. Its files are put there before it is mounted.
 */
final class MountedOrigin implements AutoCloseable {
    private static final MountOptions OPTIONS =
            new MountOptions(Duration.ofHours(1), false, DefaultConfig.FUSE.maxReadaheadBytes());

    private final Path mountPoint;
    private final Vertx vertx = TestingVertx.start(new VertxOptions().setPreferNativeTransport(false));
    private final MemoryOrigin files = new MemoryOrigin("far");
    private final FaultyOrigin origin = new FaultyOrigin(files, Timers.of(vertx));
    private final List<LibraryChange> rows = new ArrayList<>();
    private final Catalog catalog;
    private final Tree tree;
    private final Content content;
    private final TreeUpdater updater;
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();
    private final ContentBus bus = new ContentBus();
    private VirtualFileSystem vfs;
    private FuseMount mount;

    MountedOrigin(Path dir) throws Exception {
        this.mountPoint = Files.createDirectory(dir.resolve("mnt"));
        this.catalog = Catalog.openBlocking(dir.resolve("catalog.db"));
        this.tree = new Tree(catalog.reader(), 16 << 20);
        LocalMessages.register(vertx);
        CatalogWriter writer = catalog.startWriter(vertx);
        this.updater = new TreeUpdater(
                vertx, tree, catalog.reader(), writer, Template.parse("$album/$title.$format"), Clock.system());
        this.content = new Content(
                vertx,
                catalog.reader(),
                id -> Optional.of(origin),
                TestingContent.leadersOnly(id -> Optional.of(origin)),
                stale -> {},
                new MemoryChunkStore(256 << 20),
                new CatalogManifests(vertx, catalog.reader(), writer),
                new OriginLayouts(),
                DefaultConfig.CACHE);
        get(vertx.deployVerticle(new ContentVerticle(content)));
        bus.connect(vertx);
    }

    /** A track in an album's directory; its bytes are those of {@link MemoryOrigin#bytesOf}. */
    void put(String album, String name, int sizeBytes) {
        RealPath path = new RealPath(album + "/" + name);
        int number = rows.size() + 1;
        FileVersion version = files.put(path.value(), sizeBytes, number, number);
        TrackTags tags = new TrackTags("", "", "", album, "", "", 0, 0, 0, 0, false, "mp3", 0, 0);
        rows.add(new LibraryChange.Added(
                new FileRow(number, origin.id(), path, FileKind.AUDIO, version, number, tags, true)));
    }

    /** Mounts; one operation may wait so long for the origin. */
    void mount(Duration patience) throws Exception {
        get(updater.apply(rows));
        vfs = new VirtualFileSystem(
                new TreeNamespace(tree),
                bus,
                new Presentation(0444, 0555, 0, 0),
                patience,
                VirtualFileSystem.DEFAULT_MAX_OPEN_FILES);
        mount = new FuseMount(mountPoint, OPTIONS, vfs, defects::add);
        mount.start().get(60, TimeUnit.SECONDS);
    }

    /** From now on each read comes at so many bytes a second. */
    void drip(long bytesPerSecond) {
        origin.mode(new OriginMode.SlowDrip(bytesPerSecond));
    }

    Path mountPoint() {
        return mountPoint;
    }

    Vertx vertx() {
        return vertx;
    }

    FaultyOrigin origin() {
        return origin;
    }

    VirtualFileSystem vfs() {
        return vfs;
    }

    ContentStats stats() {
        return content.stats();
    }

    /** Requests of the kernel that wait without a thread. */
    int waiting() {
        return mount.waitingCount();
    }

    /** Threads that serve the kernel. */
    int threads() {
        return mount.threadCount();
    }

    /** The kernel's requests of this name so far. */
    long calls(String name) {
        return mount.callCounts().getOrDefault(name, 0L);
    }

    @Override
    public void close() {
        try {
            if (mount != null) {
                mount.stop(Duration.ofSeconds(2));
                vfs.close();
            }
        } finally {
            Shell.require("sh", "-c", "fusermount -uz '" + mountPoint + "' 2>/dev/null; true");
            catalog.closeBlocking();
            assertThat(vertx.close().toCompletionStage()).succeedsWithin(Duration.ofSeconds(60));
        }
        assertThat(defects).isEmpty();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
