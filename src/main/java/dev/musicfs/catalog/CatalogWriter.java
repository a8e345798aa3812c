package dev.musicfs.catalog;

import dev.musicfs.model.NodeId;
import io.vertx.core.Future;
import java.util.List;

/** Changes the catalog. There is one writer; callers apply one list after another. */
public interface CatalogWriter {
    /**
     * Applies all mutations in order in one transaction, or none. Fails with {@code NO_SPACE}, {@code CORRUPT},
     * {@code UNAVAILABLE} or, for a broken rule such as two entries of one name, {@code INVALID}.
     */
    Future<Void> apply(List<Mutation> mutations);

    /** A number for a new file; never given out twice, restarts included. Does not block. */
    long nextFileId();

    /** A number for a new node; never given out twice, restarts included. Does not block. */
    NodeId nextNodeId();
}
