package dev.musicfs.offline;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Pins by paths what is noted by files. Blocks, for as long as it takes to list what lies below a path. */
public final class PinnedTree {
    private static final int BATCH = 512;

    private final LibraryPaths tree;
    private final CatalogReader catalog;
    private final PinStore store;
    private final List<Path> mountPoints;

    /**
     * What pinning or unpinning a path did.
     *
     * @param path from the root of the tree, without a leading slash; empty for the root
     * @param files how many files lie there, pinned before or not
     */
    public record Change(String path, long files) {}

    /**
     * The pinned files.
     *
     * @param files how many there are
     * @param paths where the first of them are, from the root of the tree
     */
    public record Listing(long files, List<String> paths) {}

    /** With every absolute path by which the mount may be called, such as the one given and the one it stands for. */
    public PinnedTree(LibraryPaths tree, CatalogReader catalog, PinStore store, List<Path> mountPoints) {
        this.tree = tree;
        this.catalog = catalog;
        this.store = store;
        this.mountPoints = List.copyOf(mountPoints);
    }

    public Change setBlocking(String given, boolean pinned) {
        String path = pathInTree(given);
        NodeRow node = tree.resolveBlocking("/" + path)
                .orElseThrow(() -> new MusicFsException(FailureKind.NOT_FOUND, "the library has no " + path));
        Run run = new Run(pinned);
        Deque<NodeId> directories = new ArrayDeque<>();
        run.take(node, directories);
        while (!directories.isEmpty()) {
            NodeId directory = directories.pop();
            List<NodeRow> page = tree.childrenBlocking(directory, "", BATCH);
            while (!page.isEmpty()) {
                page.forEach(child -> run.take(child, directories));
                page = page.size() < BATCH
                        ? List.of()
                        : tree.childrenBlocking(
                                directory, page.get(page.size() - 1).name(), BATCH);
            }
        }
        run.flush();
        return new Change(path, run.files);
    }

    public Listing pinsBlocking(int mostPaths) {
        List<Long> pinned = store.pinnedBlocking();
        List<String> paths = pinned.stream()
                .limit(mostPaths)
                .flatMap(file -> catalog.nodesOfFileBlocking(file).stream().limit(1))
                .flatMap(node -> tree.pathOfBlocking(node.id()).stream())
                .map(path -> path.substring(1))
                .sorted()
                .toList();
        return new Listing(pinned.size(), paths);
    }

    /** The path from the root of the tree, without a slash at either end. */
    String pathInTree(String given) {
        Path path;
        try {
            path = Path.of(given).normalize();
        } catch (InvalidPathException e) {
            throw new MusicFsException(FailureKind.INVALID, "\"" + given + "\" is no path", e);
        }
        if (path.isAbsolute()) {
            Path absolute = path;
            path = mountPoints.stream()
                    .filter(absolute::startsWith)
                    .findFirst()
                    .orElseThrow(() -> new MusicFsException(
                            FailureKind.INVALID,
                            given + " is not in the mount on " + mountPoints.get(0)
                                    + "; name a path inside it, or one from its root such as Artist/Album"))
                    .relativize(absolute);
        }
        if (path.startsWith("..")) {
            throw new MusicFsException(FailureKind.INVALID, given + " leads out of the library");
        }
        return path.toString();
    }

    private final class Run {
        private final boolean pinned;
        private final List<Long> batch = new ArrayList<>(BATCH);
        private long files;

        Run(boolean pinned) {
            this.pinned = pinned;
        }

        void take(NodeRow node, Deque<NodeId> directories) {
            if (node.isDirectory()) {
                directories.push(node.id());
                return;
            }
            files++;
            batch.add(node.fileId());
            if (batch.size() == BATCH) {
                flush();
            }
        }

        void flush() {
            if (!batch.isEmpty()) {
                store.setBlocking(List.copyOf(batch), pinned);
                batch.clear();
            }
        }
    }
}
