package dev.musicfs.fuse;

import dev.musicfs.model.NodeId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The directories about which the kernel has asked since the mount, or, when they are too many, all. */
final class KnownDirectories {
    private static final int LIMIT = 1_000_000;

    private final Set<Long> known = ConcurrentHashMap.newKeySet();
    private volatile boolean all;

    void add(NodeId directory) {
        if (!all && known.add(directory.value()) && known.size() > LIMIT) {
            all = true;
            known.clear();
        }
    }

    boolean contains(NodeId directory) {
        return all || known.contains(directory.value());
    }
}
