package dev.musicfs.tree;

import dev.musicfs.catalog.NodeRow;

/**
 * Tells the kernel about changes by making them through the mount, so that its caches are never stale and watchers get
 * their events. Each method blocks for one system call and is called from a worker thread that holds no lock. While it
 * runs, the mount calls back into {@link Tree}'s {@code publish} methods, and that is the moment the change becomes
 * visible. Failures are the announcer's own to log: the tree makes the change visible afterwards in any case.
 */
public interface Announcer {
    /** Whether the kernel may hold anything about this directory: it was asked about since the mount. */
    boolean isKnown(NodeRow directory);

    /** An entry that is about to appear. */
    void created(String path, boolean directory);

    /** An entry that is about to go. */
    void removed(String path, boolean directory);

    /** An entry that is about to change its name or place. */
    void moved(String fromPath, String toPath);

    /** A file whose bytes, size or modification time are about to change. */
    void changed(String path, long sizeBytes, long mtimeNanos);
}
