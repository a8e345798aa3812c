package dev.musicfs.catalog;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A catalog that is open, with a writer. */
final class OpenedCatalog implements AutoCloseable {
    private static final OriginId DISK = new OriginId("disk");

    final Catalog it;
    final CatalogWriter writer;

    OpenedCatalog(Catalog it, Vertx vertx) {
        this.it = it;
        this.writer = it.startWriter(vertx);
    }

    /** Adds so many tracks and gives the highest number it was given. */
    long add(int from, int count) {
        List<Mutation> mutations = new ArrayList<>();
        long highest = 0;
        for (int i = from; i < from + count; i++) {
            FileRow track = new FileRow(
                    writer.nextFileId(),
                    DISK,
                    new RealPath("folder/" + i + " a name that takes some room in the database.flac"),
                    FileKind.AUDIO,
                    new FileVersion(5_000 + i, 1, ""),
                    0,
                    TrackTags.unknown("flac"),
                    true);
            NodeId node = writer.nextNodeId();
            mutations.add(new Mutation.PutFile(track));
            mutations.add(new Mutation.PutNode(new NodeRow(node, NodeId.ROOT, "n" + i, track.id(), 5_000, 1)));
            highest = Math.max(track.id(), node.value());
        }
        await(writer.apply(mutations));
        return highest;
    }

    long files() {
        return it.reader().totalsBlocking().files();
    }

    @Override
    public void close() {
        it.closeBlocking();
    }

    static void await(io.vertx.core.Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
