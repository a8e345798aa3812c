package dev.musicfs.library;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import java.util.Set;
import java.util.TreeSet;

/** What changed at an origin and has not been looked at yet. For one thread. */
final class PendingChanges {
    /** Of more directories than this it is no longer known which: then everything is to be looked at. */
    private static final int MOST_DIRECTORIES = 10_000;

    private final Set<RealPath> directories = new TreeSet<>();
    private boolean everything;

    void add(OriginChanges more) {
        directories.addAll(more.directories());
        if (more.everything() || directories.size() > MOST_DIRECTORIES) {
            addEverything();
        }
    }

    void addEverything() {
        everything = true;
        directories.clear();
    }

    boolean isEmpty() {
        return directories.isEmpty() && !everything;
    }

    /** All of it, which is not pending from now on. */
    OriginChanges take() {
        OriginChanges all = new OriginChanges(Set.copyOf(directories), everything);
        directories.clear();
        everything = false;
        return all;
    }
}
