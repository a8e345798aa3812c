package dev.musicfs.content.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.Catalog;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.origin.Copy;
import dev.musicfs.runtime.LocalMessages;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogCopiesTest {
    private static final String MD5 = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path dir;

    private final FileRow shown = row(1, "nas", 1000);
    private Catalog catalog;
    private CatalogWriter writer;
    private CatalogCopies copies;

    @BeforeEach
    void putTheTrackOnFourOrigins(Vertx vertx) throws Exception {
        LocalMessages.register(vertx);
        catalog = Catalog.openBlocking(dir.resolve("catalog.db"));
        writer = catalog.startWriter(vertx);
        copies = new CatalogCopies(catalog.reader());
        FileRow retagged = row(3, "cloud", 1500);
        get(writer.apply(List.of(
                new Mutation.PutFile(shown),
                new Mutation.PutFile(row(2, "mirror", 1000)),
                new Mutation.PutFile(retagged),
                new Mutation.PutFile(row(4, "attic", 7777)),
                new Mutation.PutLayout(1, shown.version(), new AudioLayout(100, 900, List.of(), MD5)),
                new Mutation.PutLayout(3, retagged.version(), new AudioLayout(600, 1400, List.of(), MD5)),
                new Mutation.Follow(2, 1),
                new Mutation.Follow(3, 1),
                new Mutation.Follow(4, 1))));
    }

    @AfterEach
    void close() {
        catalog.closeBlocking();
    }

    private static FileRow row(long id, String origin, long size) {
        return new FileRow(
                id,
                new OriginId(origin),
                new RealPath("a.flac"),
                FileKind.AUDIO,
                new FileVersion(size, id, ""),
                0,
                TrackTags.unknown("flac"),
                true);
    }

    @Test
    void wholeCopiesStandInAsTheyAreThoseWithTheSameAudioWhereItLiesAndOtherEditionsNotAtAll() {
        List<Copy> all = copies.ofBlocking(shown);
        assertThat(all.get(0)).isEqualTo(Copy.whole(shown.origin(), shown.path(), shown.version()));
        assertThat(all.subList(1, all.size()))
                .containsExactlyInAnyOrder(
                        Copy.whole(new OriginId("mirror"), shown.path(), new FileVersion(1000, 2, "")),
                        new Copy(
                                new OriginId("cloud"),
                                shown.path(),
                                new FileVersion(1500, 3, ""),
                                true,
                                500,
                                100,
                                900));
    }

    @Test
    void aFileThatIsNotTheOneShownOrHasChangedMeanwhileStandsAlone() {
        assertThat(copies.ofBlocking(row(2, "mirror", 1000))).hasSize(1);
        assertThat(copies.ofBlocking(row(1, "nas", 1001))).hasSize(1);
        assertThat(copies.ofBlocking(row(99, "nas", 1))).hasSize(1);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
