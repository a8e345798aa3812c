package dev.musicfs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.content.file.Content;
import dev.musicfs.content.file.ContentVerticle;
import dev.musicfs.content.file.TestingContent;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.testkit.FaultyOrigin;
import dev.musicfs.testkit.ManualTimers;
import dev.musicfs.testkit.MemoryOrigin;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.Resilience;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of an origin that has no file on this machine: read through the bus, the bus and the origin's port. */
class RemoteOriginTest {
    /** More than is read when a file is opened. */
    private static final byte[] BYTES = "0123456789".repeat(60_000).getBytes(StandardCharsets.US_ASCII);

    private static final int BEHIND_HEAD = 300_000;
    private static final RealPath PATH = new RealPath("a.mp3");

    @TempDir
    Path dir;

    private final MemoryOrigin files = new MemoryOrigin("far");
    private final FaultyOrigin origin = new FaultyOrigin(files, new ManualTimers());
    private final List<FileRow> stale = new CopyOnWriteArrayList<>();
    private Catalog catalog;
    private VirtualFileSystem vfs;

    @BeforeEach
    void showOneTrack(Vertx vertx) throws Exception {
        LocalMessages.register(vertx);
        catalog = Catalog.openBlocking(dir.resolve("catalog.db"));
        Tree tree = new Tree(catalog.reader(), 1 << 20);
        TreeUpdater updater = new TreeUpdater(
                vertx,
                tree,
                catalog.reader(),
                catalog.startWriter(vertx),
                Template.parse("$title.$format"),
                Clock.system());
        FileVersion version = files.put(PATH.value(), BYTES);
        FileRow row = new FileRow(1, origin.id(), PATH, FileKind.AUDIO, version, 0, TrackTags.unknown("mp3"), true);
        get(updater.apply(List.of(new LibraryChange.Added(row))));
        Content content = TestingContent.withoutStore(vertx, catalog.reader(), id -> Optional.of(origin), stale::add);
        get(vertx.deployVerticle(new ContentVerticle(content)));
        ContentBus bus = new ContentBus();
        bus.connect(vertx);
        vfs = new VirtualFileSystem(
                new TreeNamespace(tree), bus, new Presentation(0444, 0555, 0, 0), Duration.ofSeconds(3), 8);
    }

    @AfterEach
    void close() {
        vfs.close();
        catalog.closeBlocking();
    }

    @Test
    void bytesComeThroughThePortAndEndWithTheFile() {
        long handle = open();
        assertThat(read(handle, 4, 3)).isEqualTo("456");
        assertThat(read(handle, BYTES.length - 2, 100)).isEqualTo("89");
        assertThat(read(handle, BYTES.length, 100)).isEmpty();
        vfs.release(handle);
        assertThat(vfs.openFileCount()).isZero();
    }

    @Test
    @Resilience("3.8")
    void readOfAHungOriginEndsAtItsDeadlineAndTheLateAnswerIsDropped() throws InterruptedException {
        long handle = open();
        long before = origin.bytes();
        origin.mode(new OriginMode.Held());
        assertThatThrownBy(() -> read(handle, BEHIND_HEAD, 10))
                .satisfies(e -> assertThat(MusicFsException.kindOf(e)).isEqualTo(FailureKind.TIMEOUT));
        assertThat(vfs.children(NodeId.ROOT, "", 10)).hasSize(1);
        origin.mode(new OriginMode.Healthy());
        FaultyOrigin.HeldCall late = origin.takeHeld();
        assertThat(origin.underWay()).isOne();
        late.release();
        assertThat(origin.underWay()).isZero();
        assertThat(origin.bytes()).isGreaterThan(before);
        assertThat(read(handle, BEHIND_HEAD, 10)).isEqualTo("0123456789");
    }

    @Test
    @Resilience({"3.8", "B.2"})
    void aFileOfWhichNothingCanBeHadIsNotOpened() throws InterruptedException {
        origin.mode(new OriginMode.Held());
        assertThatThrownBy(this::open)
                .satisfies(e -> assertThat(MusicFsException.kindOf(e)).isEqualTo(FailureKind.TIMEOUT));
        origin.takeHeld().release();
        origin.mode(new OriginMode.ReturnError(FailureKind.UNAVAILABLE));
        assertThatThrownBy(this::open)
                .satisfies(e -> assertThat(MusicFsException.kindOf(e)).isEqualTo(FailureKind.UNAVAILABLE));
        assertThat(vfs.openFileCount()).isZero();
        origin.mode(new OriginMode.Healthy());
        assertThat(read(open(), 0, 10)).isEqualTo("0123456789");
    }

    @Test
    void changedVersionIsStaleAndReportedForListing() {
        long handle = open();
        files.put(PATH.value(), BYTES);
        assertThatThrownBy(() -> read(handle, BEHIND_HEAD, 10))
                .satisfies(e -> assertThat(MusicFsException.kindOf(e)).isEqualTo(FailureKind.STALE));
        assertThat(stale).extracting(FileRow::path).containsExactly(PATH);
    }

    private long open() {
        return new VfsCalls(vfs)
                .open(vfs.children(NodeId.ROOT, "", 10).get(0).id())
                .handle();
    }

    private String read(long handle, long offset, int length) {
        return new String(new VfsCalls(vfs).read(handle, offset, length), StandardCharsets.US_ASCII);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
