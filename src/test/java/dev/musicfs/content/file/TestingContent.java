package dev.musicfs.content.file;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.chunk.AbsentChunkStore;
import dev.musicfs.config.DefaultConfig;
import dev.musicfs.content.plan.LayoutSource;
import dev.musicfs.content.plan.NoManifests;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.FileSource;
import dev.musicfs.origin.Origin;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The room with less around it. */
public final class TestingContent {
    private TestingContent() {}

    /** Without a store and without other copies: everything is fetched from its origin whenever it is read. */
    public static Content withoutStore(
            Vertx vertx,
            CatalogReader catalog,
            Function<OriginId, Optional<Origin>> origins,
            Consumer<FileRow> staleListener) {
        return new Content(
                vertx,
                catalog,
                origins,
                leadersOnly(origins),
                staleListener,
                new AbsentChunkStore(),
                new NoManifests(),
                LayoutSource.unknown(),
                DefaultConfig.CACHE);
    }

    /** Sources that read the first copy alone, with nothing between this room and its origin. */
    public static Function<List<Copy>, FileSource> leadersOnly(Function<OriginId, Optional<Origin>> origins) {
        return copies -> new LeaderSource(copies, origins);
    }
}
