package dev.musicfs.origin.local;

import dev.musicfs.model.RealPath;
import java.nio.file.WatchKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which watch stands for which directories. inotify watches inodes, so one watch stands for several paths when links
 * lead to it, and goes on standing for its old path when the directory is renamed until it is told. For one thread.
 */
final class WatchedDirectories {
    private final TreeMap<String, WatchKey> keys = new TreeMap<>();
    private final Map<WatchKey, Set<RealPath>> paths = new HashMap<>();

    void add(RealPath directory, WatchKey key) {
        keys.put(directory.value(), key);
        paths.computeIfAbsent(key, k -> new TreeSet<>()).add(directory);
    }

    /** The directories a watch stands for; none when it was given up. */
    Set<RealPath> of(WatchKey key) {
        return Set.copyOf(paths.getOrDefault(key, Set.of()));
    }

    boolean contains(RealPath directory) {
        return keys.containsKey(directory.value());
    }

    /** The watch died with its directory. */
    void forget(WatchKey key) {
        Set<RealPath> dead = paths.remove(key);
        if (dead != null) {
            dead.forEach(path -> keys.remove(path.value(), key));
        }
    }

    /** Gives up a directory and all below it; watches that stand for nothing else are cancelled. */
    void removeTree(RealPath directory) {
        removeOne(directory.value());
        // '0' is the character after '/': the range is exactly what starts with "directory/".
        Map<String, WatchKey> below =
                directory.isRoot() ? keys : keys.subMap(directory.value() + "/", directory.value() + "0");
        List.copyOf(below.keySet()).forEach(this::removeOne);
    }

    private void removeOne(String directory) {
        WatchKey key = keys.remove(directory);
        if (key == null) {
            return;
        }
        Set<RealPath> left = paths.get(key);
        if (left != null) {
            left.remove(new RealPath(directory));
            if (left.isEmpty()) {
                paths.remove(key);
                key.cancel();
            }
        }
    }
}
