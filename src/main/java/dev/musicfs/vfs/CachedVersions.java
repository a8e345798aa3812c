package dev.musicfs.vfs;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.musicfs.catalog.NodeRow;
import java.util.concurrent.ConcurrentMap;

/** The versions whose pages the kernel may hold, as far as they are remembered. */
final class CachedVersions {
    private static final int REMEMBERED = 65_536;

    private final ConcurrentMap<Long, Version> versions = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(REMEMBERED)
            .<Long, Version>build()
            .asMap();

    /** Notes that the node is opened; whether pages from its previous opening are still right, false when unknown. */
    boolean opened(NodeRow node) {
        Version now = new Version(node.sizeBytes(), node.mtimeNanos());
        return now.equals(versions.put(node.id().value(), now));
    }

    /** The kernel's pages of this node are to be dropped at the next opening. */
    void forget(NodeRow node) {
        versions.remove(node.id().value());
    }

    private record Version(long sizeBytes, long mtimeNanos) {}
}
