package dev.musicfs.fuse.node;

import dev.musicfs.model.NodeId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The directories that the kernel knows, with how often it was told of each. Only below these can it hold anything that a
 * change makes stale, or have a watcher. A node's number is the inode number, which is never given to another entry, so that
 * files need no record here, and nothing here outlives what the kernel remembers. For any thread.
 */
public final class NodeTable {
    /** The one generation of every node: see above. A handle of NFS leads to its file also after a restart. */
    public static final long GENERATION = 1;

    private static final int MOST_REACHED_INTO = 100_000;

    private final ConcurrentHashMap<Long, Long> lookups = new ConcurrentHashMap<>();
    private final Set<Long> reachedInto = ConcurrentHashMap.newKeySet();
    private volatile boolean askedOfRoot;
    private volatile boolean all;

    /** The kernel is about to be told of a directory; to be called before what is told is looked at. */
    public void told(NodeId directory) {
        lookups.merge(directory.value(), 1L, Long::sum);
    }

    /** The kernel asks about a directory that it has known since the mount; to be called before the answer is looked at. */
    public void asked(NodeId directory) {
        if (!askedOfRoot && directory.equals(NodeId.ROOT)) {
            askedOfRoot = true;
        }
    }

    /**
     * A file was asked for by its number alone, as for a client of NFS: the kernel then has the file and perhaps not the
     * directory that it is in. To be called before the file is looked at. Such a directory counts as known from then on, and
     * when there are too many of them, all do.
     */
    public void reachedInto(NodeId directory) {
        if (reachedInto.size() < MOST_REACHED_INTO) {
            reachedInto.add(directory.value());
        } else {
            all = true;
        }
    }

    /** The kernel forgets so many times what it was told, or was not told after all. Of nodes that are no directories too. */
    public void forgotten(long node, long times) {
        lookups.computeIfPresent(node, (id, count) -> count > times ? count - times : null);
    }

    /** Whether the kernel may hold something about a directory or in it. */
    public boolean knows(NodeId directory) {
        long node = directory.value();
        return all
                || (directory.equals(NodeId.ROOT) ? askedOfRoot : lookups.containsKey(node))
                || reachedInto.contains(node);
    }
}
