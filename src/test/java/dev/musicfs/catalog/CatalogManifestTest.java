package dev.musicfs.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogManifestTest {
    private static final FileVersion OLD = new FileVersion(5_000_000_000L, -1, "etag\"1\"");
    private static final FileVersion NEW = new FileVersion(5_000_000_000L, -1, "etag\"2\"");
    private static final AudioLayout LAYOUT = new AudioLayout(
            4_100,
            4_999_999_000L,
            List.of(new ByteRange(50, 4_000), new ByteRange(4_999_999_100L, 900)),
            "00112233445566778899aabbccddeeff");
    private static final AudioLayout OTHER = new AudioLayout(7, 9, List.of(), "");
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
        file = directory.resolve("catalog.db");
        catalog = Catalog.openBlocking(file);
        reader = catalog.reader();
        writer = catalog.startWriter(vertx);
        apply(put(1, "a.flac", OLD), put(2, "b.flac", OLD), put(3, "c.flac", OLD));
    }

    @AfterEach
    void close() {
        catalog.closeBlocking();
    }

    @Test
    void aLayoutIsReadBackWithItsVersionUntilTheNextOneComes() {
        assertThat(reader.layoutBlocking(1)).isEmpty();
        apply(new Mutation.PutLayout(1, OLD, LAYOUT), new Mutation.PutLayout(2, OLD, OTHER));
        assertThat(reader.layoutBlocking(1)).contains(new LayoutRow(1, OLD, LAYOUT));
        assertThat(reader.layoutBlocking(2)).contains(new LayoutRow(2, OLD, OTHER));
        apply(new Mutation.PutLayout(1, NEW, OTHER));
        assertThat(reader.layoutBlocking(1)).contains(new LayoutRow(1, NEW, OTHER));
    }

    @Test
    void aManifestIsReadBackWithTheBlocksItBeganWithAndThoseAddedLater() {
        assertThat(reader.manifestBlocking(1)).isEmpty();
        apply(
                new Mutation.BeginManifest(1, OLD, LAYOUT, chunks(0, 2)),
                new Mutation.BeginManifest(2, NEW, OTHER, Map.of()));
        assertThat(reader.manifestBlocking(1)).contains(new ManifestRow(1, OLD, LAYOUT, chunks(0, 2)));
        assertThat(reader.manifestBlocking(2)).contains(new ManifestRow(2, NEW, OTHER, Map.of()));
        assertThat(reader.manifestCountBlocking()).isEqualTo(2);

        apply(new Mutation.PutBlocks(1, OLD, Map.of(1, chunk(100), 299, chunk(299))));
        assertThat(reader.manifestBlocking(1))
                .contains(new ManifestRow(1, OLD, LAYOUT, Map.of(0, chunk(0), 1, chunk(100), 299, chunk(299))));
    }

    @Test
    void aManifestBegunAnewHasNothingOfTheOneBefore() {
        apply(new Mutation.BeginManifest(1, OLD, LAYOUT, chunks(0, 300)));
        apply(new Mutation.BeginManifest(1, NEW, OTHER, chunks(5, 6)));
        assertThat(reader.manifestBlocking(1)).contains(new ManifestRow(1, NEW, OTHER, chunks(5, 6)));
        apply(new Mutation.RemoveManifest(1), new Mutation.RemoveManifest(2));
        assertThat(reader.manifestBlocking(1)).isEmpty();
        assertThat(rows("block")).isZero();
    }

    @Test
    void blocksOfAnotherVersionOrOfNoManifestAreIgnored() {
        apply(new Mutation.BeginManifest(1, OLD, LAYOUT, chunks(0, 1)));
        apply(
                new Mutation.PutBlocks(1, NEW, chunks(0, 9)),
                new Mutation.PutBlocks(1, new FileVersion(1, OLD.mtimeNanos(), OLD.tag()), chunks(0, 9)),
                new Mutation.PutBlocks(1, new FileVersion(OLD.sizeBytes(), 1, OLD.tag()), chunks(0, 9)),
                new Mutation.PutBlocks(2, OLD, chunks(0, 9)));
        assertThat(reader.manifestBlocking(1)).contains(new ManifestRow(1, OLD, LAYOUT, chunks(0, 1)));
        assertThat(reader.manifestBlocking(2)).isEmpty();
    }

    @Test
    void whatIsSaidOfAFileThatIsGoneIsIgnoredAndTheRestOfTheListHolds() {
        apply(
                new Mutation.PutLayout(99, OLD, LAYOUT),
                new Mutation.BeginManifest(99, OLD, LAYOUT, chunks(0, 3)),
                new Mutation.PutBlocks(99, OLD, chunks(0, 3)),
                new Mutation.RemoveManifest(99),
                new Mutation.Pin(99),
                new Mutation.Unpin(99),
                new Mutation.Pin(1));
        assertThat(reader.layoutBlocking(99)).isEmpty();
        assertThat(reader.manifestBlocking(99)).isEmpty();
        assertThat(reader.pinnedFilesBlocking()).containsExactly(1L);
    }

    @Test
    void aFileThatIsTaggedAnewKeepsEverythingKnownOfItsBytes() {
        apply(everythingOf(1));
        apply(put(1, "elsewhere.flac", NEW));
        assertEverythingOf(1);
    }

    @Test
    void filesThatSwapTheirPathsKeepEverythingKnownOfTheirBytes() {
        apply(everythingOf(1));
        apply(everythingOf(2));
        apply(new Mutation.VacatePath(1), new Mutation.VacatePath(2), put(1, "b.flac", OLD), put(2, "a.flac", OLD));
        assertThat(reader.filesInBlocking(new OriginId("disk"), RealPath.ROOT))
                .extracting(FileRow::id)
                .containsExactly(2L, 1L, 3L);
        assertEverythingOf(1);
        assertEverythingOf(2);
    }

    @Test
    void everythingVanishesWithItsFile() {
        apply(everythingOf(1));
        apply(everythingOf(2));
        apply(new Mutation.RemoveFile(1));
        assertThat(reader.layoutBlocking(1)).isEmpty();
        assertThat(reader.manifestBlocking(1)).isEmpty();
        assertThat(reader.pinnedFilesBlocking()).containsExactly(2L);
        assertEverythingOf(2);
        apply(new Mutation.RemoveFile(2));
        assertThat(List.of(rows("layout"), rows("manifest"), rows("block"), rows("pin")))
                .containsOnly(0L);
    }

    @Test
    void theChunksOfPinnedFilesAreGivenOnceForEachBlock() {
        apply(
                new Mutation.BeginManifest(1, OLD, LAYOUT, chunks(0, 3)),
                new Mutation.BeginManifest(2, OLD, LAYOUT, Map.of(0, chunk(1), 1, chunk(1))),
                new Mutation.BeginManifest(3, OLD, LAYOUT, chunks(50, 60)),
                new Mutation.Pin(2),
                new Mutation.Pin(1),
                new Mutation.Pin(1));
        assertThat(reader.pinnedFilesBlocking()).containsExactly(1L, 2L);
        assertThat(pinnedChunks()).containsExactlyInAnyOrder(chunk(0), chunk(1), chunk(2), chunk(1), chunk(1));

        apply(new Mutation.Unpin(1), new Mutation.Unpin(3));
        assertThat(reader.pinnedFilesBlocking()).containsExactly(2L);
        assertThat(pinnedChunks()).containsExactly(chunk(1), chunk(1));
    }

    @Test
    void aReaderThatGivesUpOnTheStreamLeavesTheCatalogReadable() {
        apply(everythingOf(1));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> reader.pinnedChunksBlocking(chunk -> {
                        throw new IllegalArgumentException("enough");
                    }))
                    .hasMessage("enough");
        }
        assertEverythingOf(1);
    }

    @Test
    void readersSeeAManifestAsAWholeWhileItIsReplaced() throws Exception {
        Map<Integer, ChunkId> one = chunks(0, 300);
        Map<Integer, ChunkId> other = new HashMap<>();
        one.forEach((number, chunk) -> other.put(number, chunk(1_000 + number)));
        apply(new Mutation.BeginManifest(1, OLD, LAYOUT, one));
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> results = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            results.add(threads.submit(() -> {
                while (!done.get()) {
                    assertThat(reader.manifestBlocking(1).orElseThrow())
                            .isIn(new ManifestRow(1, OLD, LAYOUT, one), new ManifestRow(1, NEW, OTHER, other));
                }
            }));
        }
        for (int round = 0; round < 20; round++) {
            apply(new Mutation.BeginManifest(1, NEW, OTHER, other));
            apply(new Mutation.BeginManifest(1, OLD, LAYOUT, one));
        }
        done.set(true);
        for (Future<?> result : results) {
            result.get(30, TimeUnit.SECONDS);
        }
        threads.shutdown();
    }

    @Test
    void anAddressOfTheWrongLengthIsDamageAndNotAnAddress() throws SQLException {
        apply(new Mutation.BeginManifest(1, OLD, LAYOUT, chunks(0, 1)), new Mutation.PutLayout(1, OLD, LAYOUT));
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA ignore_check_constraints = ON");
            statement.executeUpdate("UPDATE block SET chunk = x'00'");
            statement.executeUpdate("UPDATE layout SET audio_end = 1");
        }
        for (Runnable read : List.<Runnable>of(() -> reader.manifestBlocking(1), () -> reader.layoutBlocking(1))) {
            assertThatThrownBy(read::run).isInstanceOfSatisfying(MusicFsException.class, e -> assertThat(e.kind())
                    .isEqualTo(FailureKind.CORRUPT));
        }
    }

    private static Mutation[] everythingOf(long fileId) {
        return new Mutation[] {
            new Mutation.PutLayout(fileId, OLD, LAYOUT),
            new Mutation.BeginManifest(fileId, OLD, LAYOUT, chunks(0, 3)),
            new Mutation.Pin(fileId)
        };
    }

    private void assertEverythingOf(long fileId) {
        assertThat(reader.layoutBlocking(fileId)).contains(new LayoutRow(fileId, OLD, LAYOUT));
        assertThat(reader.manifestBlocking(fileId)).contains(new ManifestRow(fileId, OLD, LAYOUT, chunks(0, 3)));
        assertThat(reader.pinnedFilesBlocking()).contains(fileId);
    }

    private List<ChunkId> pinnedChunks() {
        List<ChunkId> chunks = new ArrayList<>();
        reader.pinnedChunksBlocking(chunks::add);
        return chunks;
    }

    private static Mutation put(long fileId, String path, FileVersion version) {
        return new Mutation.PutFile(new FileRow(
                fileId,
                new OriginId("disk"),
                new RealPath(path),
                FileKind.AUDIO,
                version,
                0,
                TrackTags.unknown("flac"),
                true));
    }

    private static Map<Integer, ChunkId> chunks(int from, int to) {
        Map<Integer, ChunkId> chunks = new HashMap<>();
        IntStream.range(from, to).forEach(number -> chunks.put(number, chunk(number)));
        return chunks;
    }

    private static ChunkId chunk(long number) {
        return new ChunkId(-number, number, ~number, number << 40);
    }

    private long rows(String table) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private void apply(Mutation... mutations) {
        await(writer.apply(List.of(mutations)));
    }

    private static void await(io.vertx.core.Future<?> future) {
        future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
