package dev.musicfs.content.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogManifestsTest {
    private static final FileVersion VERSION = new FileVersion(100, 1, "a");
    private static final FileVersion LATER = new FileVersion(100, 1, "b");
    private static final AudioLayout LAYOUT = new AudioLayout(10, 90, List.of(), "");
    private static final ChunkId ONE = new ChunkId(1, 2, 3, 4);
    private static final ChunkId TWO = new ChunkId(5, 6, 7, 8);

    @TempDir
    private Path directory;

    private final Vertx vertx = TestingVertx.start();
    private Catalog catalog;
    private CatalogReader reader;
    private CatalogWriter writer;
    private CatalogManifests manifests;

    @BeforeEach
    void open() {
        catalog = Catalog.openBlocking(directory.resolve("catalog.db"));
        reader = catalog.reader();
        writer = catalog.startWriter(vertx);
        await(writer.apply(List.of(new Mutation.PutFile(new FileRow(
                1,
                new OriginId("disk"),
                new RealPath("a.flac"),
                FileKind.AUDIO,
                VERSION,
                0,
                TrackTags.unknown("flac"),
                true)))));
        manifests = new CatalogManifests(vertx, reader, writer);
    }

    @AfterEach
    void close() {
        catalog.closeBlocking();
        await(vertx.close());
    }

    @Test
    void aManifestComesBackWithWhatWasAddedInTheOrderOfTheCalls() {
        assertThat(await(manifests.load(1))).isEmpty();
        Future<Void> begun = manifests.begin(1, new Manifest(VERSION, LAYOUT, Map.of(0, ONE)));
        await(manifests.add(1, VERSION, Map.of(3, TWO)));
        assertThat(begun.succeeded()).isTrue();
        assertThat(await(manifests.load(1))).contains(new Manifest(VERSION, LAYOUT, Map.of(0, ONE, 3, TWO)));

        await(manifests.add(1, LATER, Map.of(4, TWO)));
        assertThat(await(manifests.load(1))).contains(new Manifest(VERSION, LAYOUT, Map.of(0, ONE, 3, TWO)));
        await(manifests.begin(1, new Manifest(LATER, LAYOUT, Map.of())));
        assertThat(await(manifests.load(1))).contains(new Manifest(LATER, LAYOUT, Map.of()));
        await(manifests.forget(1));
        assertThat(await(manifests.load(1))).isEmpty();
    }

    @Test
    void theContentHashOfACompleteManifestIsStoredAndReportedAndIsThatOfItsBytes() {
        List<Long> told = new ArrayList<>();
        CatalogManifests telling =
                new CatalogManifests(vertx, reader, writer, told::add, (fileId, chunks) -> Future.succeededFuture());
        Manifest manifest = new Manifest(VERSION, LAYOUT, Map.of(0, ONE, 1, TWO));
        await(telling.begin(1, manifest));
        await(telling.completed(1, new Manifest(LATER, LAYOUT, Map.of())));
        assertThat(reader.contentBlocking(1)).as("of another version").isEmpty();
        await(telling.completed(1, manifest));
        assertThat(reader.contentBlocking(1)).contains(manifest.content());
        assertThat(told).containsExactly(1L, 1L);
        assertThat(new Manifest(LATER, LAYOUT, manifest.chunks()).content().equals(manifest.content()))
                .as("times do not count, sizes do")
                .isEqualTo(LATER.sizeBytes() == VERSION.sizeBytes());
        assertThat(new Manifest(VERSION, LAYOUT, Map.of(0, TWO, 1, ONE)).content())
                .isNotEqualTo(manifest.content());
    }

    @Test
    void aLayoutIsGivenForItsOwnVersionOnly() {
        assertThat(await(manifests.layout(1, VERSION))).isEmpty();
        await(manifests.putLayout(1, VERSION, LAYOUT));
        assertThat(await(manifests.layout(1, VERSION))).contains(LAYOUT);
        assertThat(await(manifests.layout(1, LATER))).isEmpty();
    }

    @Test
    void aFileThatTheCatalogNoLongerHasIsIgnored() {
        await(manifests.begin(99, new Manifest(VERSION, LAYOUT, Map.of(0, ONE))));
        await(manifests.add(99, VERSION, Map.of(1, TWO)));
        await(manifests.putLayout(99, VERSION, LAYOUT));
        await(manifests.forget(99));
        assertThat(await(manifests.load(99))).isEmpty();
        assertThat(await(manifests.layout(99, VERSION))).isEmpty();
    }

    @Test
    void aClosedCatalogAndAClosedVertxAreFailuresAndNotThrown() {
        catalog.closeBlocking();
        assertThat(kindOf(manifests.load(1))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kindOf(manifests.forget(1))).isEqualTo(FailureKind.UNAVAILABLE);

        await(vertx.close());
        assertThat(kindOf(manifests.load(1))).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void whatWaitsIsBoundedAndRoomComesBack() {
        HeldWriter held = new HeldWriter();
        CatalogManifests bounded = new CatalogManifests(vertx, reader, held);
        for (int i = 0; i < CatalogManifests.MOST_WAITING; i++) {
            assertThat(bounded.forget(i).isComplete()).isFalse();
        }
        assertThat(kindOf(bounded.forget(1))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kindOf(bounded.load(1))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(held.promises).hasSize(CatalogManifests.MOST_WAITING);

        held.promises.get(0).complete();
        held.promises.get(1).fail("lost");
        assertThat(bounded.forget(1).isComplete()).isFalse();
        assertThat(bounded.forget(1).isComplete()).isFalse();
        assertThat(kindOf(bounded.forget(1))).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void aWriterThatThrowsIsAFailureAndLeavesItsRoom() {
        HeldWriter broken = new HeldWriter();
        broken.closed = true;
        CatalogManifests bounded = new CatalogManifests(vertx, reader, broken);
        for (int i = 0; i < 2 * CatalogManifests.MOST_WAITING; i++) {
            assertThat(kindOf(bounded.forget(i))).isEqualTo(FailureKind.UNAVAILABLE);
        }
        assertThat(await(bounded.load(1))).isEmpty();
    }

    private static FailureKind kindOf(Future<?> failing) {
        try {
            await(failing);
        } catch (CompletionException e) {
            return MusicFsException.kindOf(e.getCause());
        }
        throw new AssertionError("it succeeded");
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static final class HeldWriter implements CatalogWriter {
        private final List<Promise<Void>> promises = new ArrayList<>();
        private boolean closed;

        @Override
        public Future<Void> apply(List<Mutation> mutations) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            promises.add(Promise.promise());
            return promises.get(promises.size() - 1).future();
        }

        @Override
        public long nextFileId() {
            throw new UnsupportedOperationException();
        }

        @Override
        public NodeId nextNodeId() {
            throw new UnsupportedOperationException();
        }
    }
}
