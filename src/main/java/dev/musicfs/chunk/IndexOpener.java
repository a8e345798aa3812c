package dev.musicfs.chunk;

import java.nio.file.Path;
import java.util.Optional;

/** Where a store gets its index from. Blocks. */
interface IndexOpener {
    /** The one that was closed in order, with its sums; empty when one has to be made from the files. */
    Optional<MapDbIndex.Reopened> reopenBlocking();

    /** MapDB files in a directory. */
    static IndexOpener mapDb(Path directory) {
        return new IndexOpener() {
            @Override
            public Optional<MapDbIndex.Reopened> reopenBlocking() {
                return MapDbIndex.reopenBlocking(directory, MapDbIndex.PATIENCE);
            }

            @Override
            public ChunkIndex createBlocking() throws ChunkIndex.Lost {
                return MapDbIndex.createBlocking(directory, MapDbIndex.PATIENCE);
            }
        };
    }

    /** An empty one in place of whatever there was. */
    ChunkIndex createBlocking() throws ChunkIndex.Lost;
}
