package dev.musicfs.catalog;

import dev.musicfs.model.NodeId;
import io.vertx.core.Future;
import java.util.List;

/** Changes the catalog. There is one writer; callers apply one list after another. */
public interface CatalogWriter {
    /**
     * Applies all mutations in order in one transaction, or none. Fails with {@code NO_SPACE}, {@code CORRUPT},
     * {@code UNAVAILABLE} or, for a broken rule such as two entries of one name, {@code INVALID}.
     *
     * <p>Names are checked after each mutation, so two nodes swap theirs through a third name: put a with a name of its
     * own, put b with a's old name, put a with b's old name. That a shown file exists is checked at the end, that a
     * node's directory exists and a removed directory is empty at once. A run of mutations of the same kind costs one
     * round trip: keep a kind together where the order allows it.
     */
    Future<Void> apply(List<Mutation> mutations);

    /**
     * A number for a new file; never given out twice, restarts included. Does not block. At least two million are
     * available after each {@link #apply}; beyond that it throws {@code INTERNAL}.
     */
    long nextFileId();

    /** A number for a new node, under the same terms as {@link #nextFileId}. */
    NodeId nextNodeId();
}
