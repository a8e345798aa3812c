package dev.musicfs.offline;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.failure.Waits;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Waiting;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Pins in the catalog, and with them the chunks of the files, which the store then keeps. */
public final class PinnedFiles implements PinStore {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CatalogReader reader;
    private final CatalogWriter writer;
    private final ChunkStore store;

    public PinnedFiles(CatalogReader reader, CatalogWriter writer, ChunkStore store) {
        this.reader = reader;
        this.writer = writer;
        this.store = store;
    }

    @Override
    @Waits("the worker that serves the command: what is pinned has to be noted before its chunks are")
    public void setBlocking(List<Long> fileIds, boolean pinned) {
        List<Mutation> mutations = fileIds.stream()
                .map(id -> pinned ? (Mutation) new Mutation.Pin(id) : new Mutation.Unpin(id))
                .toList();
        Waiting.await(writer.apply(mutations), PATIENCE, "the catalog to note what is pinned");
        Set<ChunkId> chunks = new HashSet<>();
        for (long id : fileIds) {
            reader.manifestBlocking(id)
                    .ifPresent(manifest -> chunks.addAll(manifest.chunks().values()));
        }
        if (!pinned) {
            // A cover is shared by the tracks of an album: what another pinned file consists of stays.
            reader.pinnedChunksBlocking(chunks::remove);
        }
        store.pinBlocking(chunks, pinned);
    }

    @Override
    public List<Long> pinnedBlocking() {
        return reader.pinnedFilesBlocking();
    }
}
