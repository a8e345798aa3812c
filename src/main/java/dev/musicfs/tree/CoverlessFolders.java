package dev.musicfs.tree;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.musicfs.tree.StagedFiles.Folder;

/** Remembers folders without a cover, so that each batch of a large one does not list it again. */
final class CoverlessFolders {
    private static final long MAX_FOLDERS = 10_000;

    private final Cache<Folder, Boolean> folders = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(MAX_FOLDERS)
            .build();

    boolean contains(Folder folder) {
        return folders.getIfPresent(folder) != null;
    }

    void add(Folder folder) {
        folders.put(folder, true);
    }

    void remove(Folder folder) {
        folders.invalidate(folder);
    }

    void clear() {
        folders.invalidateAll();
    }
}
