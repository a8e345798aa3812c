package dev.musicfs.tree;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import java.util.Optional;

/** The catalog's nodes by number and by place in bounded memory; that there is no such node is never remembered. */
final class NodeCache {
    // Entry, key and row objects with two strings' headers, measured as about 250 bytes on a 64-bit JVM.
    private static final int OVERHEAD_BYTES = 250;

    private final CatalogReader reader;
    private final Cache<Place, NodeRow> byPlace;
    private final Cache<NodeId, NodeRow> byId;

    NodeCache(CatalogReader reader, long maxBytes) {
        this.reader = reader;
        byPlace = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(maxBytes / 2)
                .weigher((Place place, NodeRow node) -> weight(node))
                .build();
        byId = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(maxBytes - maxBytes / 2)
                .weigher((NodeId id, NodeRow node) -> weight(node))
                .build();
    }

    // NullAway does not know that Caffeine takes a null from the loader for "there is none" and hands it on.
    @SuppressWarnings("NullAway")
    Optional<NodeRow> at(Place place) {
        return Optional.ofNullable(byPlace.get(
                place, key -> reader.childBlocking(key.parent(), key.name()).orElse(null)));
    }

    @SuppressWarnings("NullAway")
    Optional<NodeRow> of(NodeId id) {
        return Optional.ofNullable(byId.get(id, key -> reader.nodeBlocking(key).orElse(null)));
    }

    /** Waits for a load of the same key under way, so that what was read before a commit cannot stay after it. */
    void forget(NodeRow node) {
        byPlace.asMap().remove(Place.of(node));
        byId.asMap().remove(node.id());
    }

    private static int weight(NodeRow node) {
        return OVERHEAD_BYTES + 4 * node.name().length();
    }
}
