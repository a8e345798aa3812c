package dev.musicfs.library;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** A directory of an origin and all below it as the catalog knows it, read on the calling worker thread. */
final class CatalogSubtree {
    private final CatalogReader catalog;
    private final OriginId origin;

    CatalogSubtree(CatalogReader catalog, OriginId origin) {
        this.catalog = catalog;
        this.origin = origin;
    }

    /** Hands out every file, and gives every directory with {@code top} first, parents before what they hold. */
    List<RealPath> visitBlocking(RealPath top, Consumer<FileRow> files) {
        List<RealPath> folders = new ArrayList<>();
        Deque<RealPath> open = new ArrayDeque<>();
        open.push(top);
        while (!open.isEmpty()) {
            RealPath folder = open.pop();
            folders.add(folder);
            catalog.filesInBlocking(origin, folder).forEach(files);
            catalog.foldersInBlocking(origin, folder).forEach(open::push);
        }
        return folders;
    }

    long countBlocking() {
        long count = 0;
        Deque<RealPath> open = new ArrayDeque<>();
        open.push(RealPath.ROOT);
        while (!open.isEmpty()) {
            RealPath folder = open.pop();
            count += catalog.filesInBlocking(origin, folder).size();
            catalog.foldersInBlocking(origin, folder).forEach(open::push);
        }
        return count;
    }

    /** Whether the catalog has nothing of the origin yet. */
    boolean isEmptyBlocking() {
        return catalog.filesInBlocking(origin, RealPath.ROOT).isEmpty()
                && catalog.foldersInBlocking(origin, RealPath.ROOT).isEmpty();
    }

    /** Whether any directory directly in {@code folder} has audio directly in it. */
    boolean hasAudioOneBelowBlocking(RealPath folder) {
        return catalog.foldersInBlocking(origin, folder).stream()
                .anyMatch(child ->
                        catalog.filesInBlocking(origin, child).stream().anyMatch(row -> row.kind() == FileKind.AUDIO));
    }
}
