package dev.musicfs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.config.DefaultConfig;
import dev.musicfs.content.file.Content;
import dev.musicfs.content.file.ContentVerticle;
import dev.musicfs.content.plan.CatalogManifests;
import dev.musicfs.content.plan.OriginLayouts;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.testkit.MemoryChunkStore;
import dev.musicfs.testkit.MemoryOrigin;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingSource;
import dev.musicfs.tree.Tree;
import dev.musicfs.tree.TreeUpdater;
import dev.musicfs.tree.template.Template;
import dev.musicfs.vfs.ContentBus;
import dev.musicfs.vfs.Presentation;
import dev.musicfs.vfs.TreeNamespace;
import dev.musicfs.vfs.VfsCalls;
import dev.musicfs.vfs.VirtualFileSystem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A track on a disk of this machine that is known to lie on another origin too. */
class DiskWithBackupTest {
    private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final RealPath PATH = new RealPath("a.mp3");

    @TempDir
    Path dir;

    private final MemoryOrigin backup = new MemoryOrigin("backup");
    private final CountDownLatch spins = new CountDownLatch(1);
    private volatile boolean hanging;
    private Catalog catalog;
    private TreeUpdater updater;
    private VirtualFileSystem vfs;
    private Path disk;

    /** The disk; through the port it is away. */
    private final class Disk implements Origin {
        @Override
        public OriginId id() {
            return new OriginId("disk");
        }

        @Override
        public Future<Void> start() {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> stop() {
            return Future.succeededFuture();
        }

        @Override
        public Future<List<OriginEntry>> list(RealPath directory) {
            return away();
        }

        @Override
        public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
            return away();
        }

        @Override
        public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
            return away();
        }

        @Override
        public Future<Void> probe(Deadline deadline) {
            return away();
        }

        private <T> Future<T> away() {
            return Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, "the disk is away"));
        }

        @Override
        public Optional<OriginWatch> watch() {
            return Optional.empty();
        }

        @Override
        public Optional<DirectFiles> directFiles() {
            return Optional.of(path -> {
                try {
                    while (hanging && !spins.await(1, TimeUnit.SECONDS)) {
                        Thread.onSpinWait();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return disk.resolve(path.value());
            });
        }
    }

    @BeforeEach
    void showOneTrack(Vertx vertx) throws Exception {
        LocalMessages.register(vertx);
        disk = Files.createDirectory(dir.resolve("disk"));
        Path file = Files.write(disk.resolve(PATH.value()), BYTES);
        catalog = Catalog.openBlocking(dir.resolve("catalog.db"));
        Tree tree = new Tree(catalog.reader(), 1 << 20);
        CatalogWriter writer = catalog.startWriter(vertx);
        updater = new TreeUpdater(
                vertx,
                tree,
                catalog.reader(),
                writer,
                Template.parse("$title.$format"),
                Clock.system(),
                origin -> origin.value().equals("disk") ? 0 : 1);
        FileVersion version = new FileVersion(
                Files.size(file), Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS), "");
        TestingSource.Origins origins = new TestingSource.Origins();
        origins.add(new Disk());
        origins.add(backup);
        get(updater.apply(List.of(new LibraryChange.Added(row(1, "disk", version)))));
        ChunkStore store = new MemoryChunkStore(1 << 20);
        Content content = new Content(
                vertx,
                catalog.reader(),
                origins::find,
                origins,
                stale -> {},
                store,
                new CatalogManifests(vertx, catalog.reader(), writer),
                new OriginLayouts(),
                DefaultConfig.CACHE);
        get(vertx.deployVerticle(new ContentVerticle(content)));
        ContentBus bus = new ContentBus();
        bus.connect(vertx);
        vfs = new VirtualFileSystem(
                new TreeNamespace(tree), bus, new Presentation(0444, 0555, 0, 0), Duration.ofSeconds(4), 8);
    }

    private static FileRow row(long id, String origin, FileVersion version) {
        return new FileRow(id, new OriginId(origin), PATH, FileKind.AUDIO, version, 0, TrackTags.unknown("mp3"), true);
    }

    @AfterEach
    void close() {
        spins.countDown();
        vfs.close();
        catalog.closeBlocking();
    }

    @Test
    @Resilience({"N.1", "3.8"})
    void aDiskThatHangsWhileItsFileIsOpenedIsLeftForTheOtherCopyInTime() throws Exception {
        backupIsACopy();
        hanging = true;
        assertThat(readAll()).isEqualTo("0123456789");
    }

    @Test
    @Resilience("N.1")
    void aDiskThatIsNotMountedIsLeftForTheOtherCopy() throws Exception {
        backupIsACopy();
        Files.move(disk, dir.resolve("elsewhere"));
        assertThat(readAll()).isEqualTo("0123456789");
    }

    @Test
    void aDiskWithoutAnotherCopyFailsAsEver() throws Exception {
        Files.move(disk, dir.resolve("elsewhere"));
        assertThatThrownBy(this::readAll)
                .satisfies(e -> assertThat(MusicFsException.kindOf(e)).isEqualTo(FailureKind.NOT_FOUND));
        hanging = true;
        assertThatThrownBy(this::readAll)
                .satisfies(e -> assertThat(MusicFsException.kindOf(e)).isEqualTo(FailureKind.TIMEOUT));
    }

    @Test
    void aFileThatChangedOnItsDiskIsStaleAndNotWhatTheOtherCopySays() throws Exception {
        backupIsACopy();
        Files.writeString(disk.resolve(PATH.value()), "another version");
        assertThatThrownBy(this::readAll)
                .satisfies(e -> assertThat(MusicFsException.kindOf(e)).isEqualTo(FailureKind.STALE));
    }

    private void backupIsACopy() throws Exception {
        get(updater.apply(List.of(new LibraryChange.Added(row(2, "backup", backup.put(PATH.value(), BYTES))))));
        assertThat(catalog.reader().leaderOfBlocking(2)).hasValue(1L);
    }

    private String readAll() {
        long handle = new VfsCalls(vfs)
                .open(vfs.children(NodeId.ROOT, "", 10).get(0).id())
                .handle();
        try {
            return new String(new VfsCalls(vfs).read(handle, 0, 100), StandardCharsets.US_ASCII);
        } finally {
            vfs.release(handle);
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
