package dev.musicfs.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
    private static final OriginId DISK = new OriginId("disk");
    private static Vertx vertx;

    @TempDir
    private Path directory;

    private Path file;
    private Catalog catalog;
    private CatalogReader reader;
    private CatalogWriter writer;

    @BeforeAll
    static void startVertx() {
        vertx = TestingVertx.start();
    }

    @AfterAll
    static void closeVertx() {
        await(vertx.close());
    }

    @BeforeEach
    void open() {
        file = directory.resolve("state/catalog.db");
        reopen();
    }

    private void reopen() {
        catalog = Catalog.openBlocking(file);
        reader = catalog.reader();
        writer = catalog.startWriter(vertx);
    }

    @AfterEach
    void close() {
        catalog.closeBlocking();
    }

    @Test
    void aNewCatalogHoldsTheRootOnlyAndBelongsToItsOwner() throws Exception {
        assertThat(reader.nodeBlocking(NodeId.ROOT)).contains(new NodeRow(NodeId.ROOT, NodeId.ROOT, "", 0, 0, 0));
        assertThat(reader.childrenBlocking(NodeId.ROOT, "", 10)).isEmpty();
        assertThat(reader.childBlocking(NodeId.ROOT, "")).isEmpty();
        assertThat(reader.totalsBlocking()).isEqualTo(new CatalogReader.Totals(0, 1, 0));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void whatIsPutIsReadBack() {
        FileRow track = track("Björk/Début/01 – 人間.flac", 5_000_000_000L);
        FileRow cover = new FileRow(
                writer.nextFileId(),
                DISK,
                new RealPath("Björk/Début/cover.jpg"),
                FileKind.COVER,
                new FileVersion(17, -1, "etag\"1\""),
                0,
                TrackTags.unknown("jpg"),
                false);
        NodeRow album = directory(NodeId.ROOT, "Début");
        NodeRow trackNode = node(album.id(), "01 人間.flac", track);
        NodeRow coverNode = node(album.id(), "cover.jpg", cover);
        NodeRow otherCover = node(NodeId.ROOT, "cover.jpg", cover);
        apply(
                new Mutation.PutFile(track),
                new Mutation.PutFile(cover),
                new Mutation.PutNode(album),
                new Mutation.PutNode(trackNode),
                new Mutation.PutNode(coverNode),
                new Mutation.PutNode(otherCover));

        assertThat(reader.fileBlocking(track.id())).contains(track);
        assertThat(reader.fileBlocking(cover.id())).contains(cover);
        assertThat(reader.fileBlocking(99)).isEmpty();
        assertThat(reader.nodeBlocking(trackNode.id())).contains(trackNode);
        assertThat(reader.nodeBlocking(new NodeId(99))).isEmpty();
        assertThat(reader.childBlocking(album.id(), "01 人間.flac")).contains(trackNode);
        assertThat(reader.childBlocking(album.id(), "01 人間.FLAC")).isEmpty();
        assertThat(reader.childBlocking(album.id(), "\uDC80")).isEmpty();
        assertThat(reader.nodesOfFileBlocking(cover.id())).containsExactly(coverNode, otherCover);
        assertThat(reader.filesInBlocking(DISK, new RealPath("Björk/Début"))).containsExactly(track, cover);
        assertThat(reader.filesInBlocking(DISK, RealPath.ROOT)).isEmpty();
        assertThat(reader.filesInBlocking(new OriginId("other"), new RealPath("Björk/Début")))
                .isEmpty();
        assertThat(reader.totalsBlocking()).isEqualTo(new CatalogReader.Totals(3, 2, 5_000_000_000L + 34));
    }

    @Test
    void directoriesArePagedInTheByteOrderOfTheirNames() {
        // U+FF21 comes before U+1F3B5 in bytes and after it in UTF-16, Java's own order.
        List<String> names = List.of("A", "B", "a", "é", "人", "\uFF21", "\uD83C\uDFB5", "\uD83C\uDFB5b");
        List<Mutation> puts = new ArrayList<>();
        for (int i = names.size() - 1; i >= 0; i--) {
            puts.add(new Mutation.PutNode(directory(NodeId.ROOT, names.get(i))));
        }
        await(writer.apply(puts));

        List<String> seen = new ArrayList<>();
        List<NodeRow> page;
        do {
            page = reader.childrenBlocking(NodeId.ROOT, seen.isEmpty() ? "" : seen.get(seen.size() - 1), 3);
            page.forEach(node -> seen.add(node.name()));
        } while (!page.isEmpty());
        assertThat(seen).isEqualTo(names);
        assertThat(reader.childrenBlocking(NodeId.ROOT, "", -1)).isEmpty();
        assertThat(reader.childBlocking(NodeId.ROOT, "\uD83C\uDFB5")).isPresent();
    }

    @Test
    void namesThatAreNotUtf8ComeBackByteForByte() {
        RealPath folder = RealPath.ofBytes(new byte[] {'d', (byte) 0xFF});
        FileRow track = track(folder.value() + "/" + RealPath.decode(new byte[] {(byte) 0xE9, '.', 'o'}), 1);
        apply(
                new Mutation.PutFolder(DISK, RealPath.ROOT),
                new Mutation.PutFolder(DISK, folder),
                new Mutation.PutFolder(DISK, folder),
                new Mutation.PutFolder(DISK, folder.resolve("b")),
                new Mutation.PutFolder(DISK, folder.resolve("a")),
                new Mutation.PutFile(track));
        assertThat(reader.foldersInBlocking(DISK, RealPath.ROOT)).containsExactly(folder);
        assertThat(reader.foldersInBlocking(DISK, folder)).containsExactly(folder.resolve("a"), folder.resolve("b"));
        assertThat(reader.filesInBlocking(DISK, folder)).containsExactly(track);

        apply(new Mutation.RemoveFolder(DISK, folder.resolve("a")), new Mutation.RemoveFile(track.id()));
        assertThat(reader.foldersInBlocking(DISK, folder)).containsExactly(folder.resolve("b"));
        assertThat(reader.filesInBlocking(DISK, folder)).isEmpty();
    }

    @Test
    void aListThatBreaksARuleLeavesNothing() {
        FileRow track = track("a.flac", 10);
        NodeRow node = node(NodeId.ROOT, "a", track);
        apply(new Mutation.PutFile(track), new Mutation.PutNode(node));
        CatalogReader.Totals before = reader.totalsBlocking();
        NodeRow fresh = directory(NodeId.ROOT, "fresh");

        assertRefused(new Mutation.PutNode(fresh), new Mutation.PutNode(directory(NodeId.ROOT, "a")));
        assertRefused(new Mutation.PutNode(fresh), new Mutation.PutFile(track("a.flac", 10)));
        assertRefused(new Mutation.PutNode(fresh), new Mutation.PutNode(directory(new NodeId(999), "x")));
        assertRefused(new Mutation.PutNode(fresh), new Mutation.RemoveFile(track.id())); // broken at COMMIT
        assertRefused(new Mutation.PutNode(fresh), new Mutation.RemoveNode(NodeId.ROOT));
        assertRefused(new Mutation.PutNode(fresh), new Mutation.PutNode(directory(NodeId.ROOT, "\uDC80")));
        assertRefused(
                new Mutation.PutNode(fresh),
                new Mutation.PutNode(directory(fresh.id(), "in")),
                new Mutation.RemoveNode(fresh.id()));

        assertThat(reader.nodeBlocking(fresh.id())).isEmpty();
        assertThat(reader.totalsBlocking()).isEqualTo(before);
        apply(new Mutation.PutNode(fresh));
        assertThat(reader.nodeBlocking(fresh.id())).contains(fresh);
    }

    @Test
    void totalsFollowEveryKindOfChange() {
        FileRow a = track("a.flac", 10);
        FileRow b = track("b.flac", 20);
        NodeRow one = node(NodeId.ROOT, "one", a);
        NodeRow two = node(NodeId.ROOT, "two", b);
        apply(new Mutation.PutFile(a), new Mutation.PutFile(b), new Mutation.PutNode(one), new Mutation.PutNode(two));
        assertThat(reader.totalsBlocking()).isEqualTo(new CatalogReader.Totals(2, 1, 30));

        apply(new Mutation.PutNode(new NodeRow(one.id(), one.parent(), "uno", a.id(), 11, 5)));
        assertThat(reader.totalsBlocking()).isEqualTo(new CatalogReader.Totals(2, 1, 31));
        apply(new Mutation.PutNode(new NodeRow(one.id(), one.parent(), "uno", 0, 0, 5)));
        assertThat(reader.totalsBlocking()).isEqualTo(new CatalogReader.Totals(1, 2, 20));
        apply(new Mutation.RemoveNode(two.id()), new Mutation.RemoveNode(one.id()));
        assertThat(reader.totalsBlocking()).isEqualTo(new CatalogReader.Totals(0, 1, 0));
        apply(new Mutation.PutNode(new NodeRow(NodeId.ROOT, NodeId.ROOT, "", 0, 0, 77)));
        assertThat(reader.nodeBlocking(NodeId.ROOT).orElseThrow().mtimeNanos()).isEqualTo(77);
        assertThat(reader.totalsBlocking()).isEqualTo(new CatalogReader.Totals(0, 1, 0));
    }

    @Test
    void twoNodesSwapTheirNamesThroughAThird() {
        NodeRow a = directory(NodeId.ROOT, "a");
        NodeRow b = directory(NodeId.ROOT, "b");
        apply(new Mutation.PutNode(a), new Mutation.PutNode(b));
        apply(renamed(a, ".musicfs-swap"), renamed(b, "a"), renamed(a, "b"));
        assertThat(reader.childBlocking(NodeId.ROOT, "a").orElseThrow().id()).isEqualTo(b.id());
        assertThat(reader.childBlocking(NodeId.ROOT, "b").orElseThrow().id()).isEqualTo(a.id());
    }

    @Test
    void aRemovedOrUnusedNumberIsNotGivenOutAgainAfterACleanEnd() {
        NodeRow node = directory(NodeId.ROOT, "a");
        apply(new Mutation.PutNode(node));
        apply(new Mutation.RemoveNode(node.id()));
        NodeId unused = writer.nextNodeId();
        long unusedFile = writer.nextFileId();
        catalog.closeBlocking();
        reopen();
        assertThat(writer.nextNodeId()).isEqualTo(new NodeId(unused.value() + 1));
        assertThat(writer.nextFileId()).isEqualTo(unusedFile + 1);
    }

    @Test
    void anOpeningThatIsMadeToFailLeavesTheFileAsItIs() {
        apply(new Mutation.PutFolder(DISK, new RealPath("a")));
        catalog.closeBlocking();
        try (Failpoints.Scope damaged = Failpoints.arm(Failpoint.DB_OPEN_CORRUPT, "return(CORRUPT)")) {
            assertThatThrownBy(() -> Catalog.openBlocking(file))
                    .isInstanceOfSatisfying(
                            MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
            assertThat(damaged.passes()).isOne();
        }
        reopen();
        assertThat(reader.foldersInBlocking(DISK, RealPath.ROOT)).containsExactly(new RealPath("a"));
    }

    @Test
    void aKilledProgramsNumbersAreSkipped() {
        NodeId last = writer.nextNodeId();
        // A second opening finds the file as a kill would have left it.
        Catalog second = Catalog.openBlocking(file);
        NodeId next = second.startWriter(vertx).nextNodeId();
        assertThat(next.value()).isGreaterThan(last.value() + 1);
        catalog.closeBlocking(); // must not take back the second one's block
        second.closeBlocking();
        reopen();
        assertThat(writer.nextNodeId().value()).isEqualTo(next.value() + 1);
    }

    @Test
    void moreNumbersAreReservedByApplyAndRefusedWithoutIt() {
        long first = writer.nextFileId();
        long last = first;
        for (int round = 0; round < 3; round++) {
            for (long i = 0; i < IdSequence.BLOCK / 2; i++) {
                last = writer.nextFileId();
            }
            apply(new Mutation.PutFolder(DISK, new RealPath("r" + round)));
        }
        assertThat(last).isEqualTo(first + 3 * IdSequence.BLOCK / 2);
        assertThatThrownBy(() -> {
                    for (long i = 0; i <= 2 * IdSequence.BLOCK; i++) {
                        writer.nextFileId();
                    }
                })
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INTERNAL));
    }

    @Test
    void readersSeeWholeTransactionsWhileTheWriterWrites() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> results = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            results.add(threads.submit(() -> {
                while (!done.get()) {
                    int children =
                            reader.childrenBlocking(NodeId.ROOT, "", 10_000).size();
                    assertThat(children % 100).isZero();
                    assertThat(reader.totalsBlocking().directories() % 100).isEqualTo(1);
                }
            }));
        }
        for (int round = 0; round < 30; round++) {
            List<Mutation> puts = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                puts.add(new Mutation.PutNode(directory(NodeId.ROOT, round + "-" + i)));
            }
            await(writer.apply(puts));
        }
        done.set(true);
        for (Future<?> result : results) {
            result.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();
        assertThat(reader.totalsBlocking().directories()).isEqualTo(3_001);
    }

    @Test
    void closingFinishesAcceptedChangesAndLeavesOneFile() throws Exception {
        List<Mutation> puts = new ArrayList<>();
        for (int i = 0; i < 25_000; i++) {
            puts.add(new Mutation.PutNode(directory(NodeId.ROOT, "n" + i)));
        }
        var accepted = writer.apply(puts);
        catalog.closeBlocking();
        await(accepted);
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
        assertThatThrownBy(() -> reader.totalsBlocking())
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
        assertThat(kindOf(writer.apply(List.of()))).isEqualTo(FailureKind.UNAVAILABLE);
        reopen();
        assertThat(reader.totalsBlocking().directories()).isEqualTo(25_001);
    }

    private static Mutation renamed(NodeRow node, String name) {
        return new Mutation.PutNode(new NodeRow(node.id(), node.parent(), name, 0, 0, node.mtimeNanos()));
    }

    private NodeRow directory(NodeId parent, String name) {
        return new NodeRow(writer.nextNodeId(), parent, name, 0, 0, 3);
    }

    private NodeRow node(NodeId parent, String name, FileRow file) {
        return new NodeRow(
                writer.nextNodeId(), parent, name, file.id(), file.version().sizeBytes(), 4);
    }

    private FileRow track(String path, long size) {
        TrackTags tags =
                new TrackTags("人間", "Björk; Ω", "Björk", "Début", "Pop", "", 1993, 1, 2, 3, true, "flac", 123_456, 900);
        return new FileRow(
                writer.nextFileId(),
                DISK,
                new RealPath(path),
                FileKind.AUDIO,
                new FileVersion(size, 1_700_000_000_123_456_789L, ""),
                -42,
                tags,
                true);
    }

    private void apply(Mutation... mutations) {
        await(writer.apply(List.of(mutations)));
    }

    private void assertRefused(Mutation... mutations) {
        assertThat(kindOf(writer.apply(List.of(mutations)))).isEqualTo(FailureKind.INVALID);
    }

    private static FailureKind kindOf(io.vertx.core.Future<?> failing) {
        try {
            await(failing);
        } catch (CompletionException e) {
            return MusicFsException.kindOf(e.getCause());
        }
        throw new AssertionError("it succeeded");
    }

    private static void await(io.vertx.core.Future<?> future) {
        future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
