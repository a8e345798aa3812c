package dev.musicfs.app;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import dev.musicfs.offline.LibraryPaths;
import dev.musicfs.tree.Tree;
import java.util.List;
import java.util.Optional;

/** The tree as pins want to see it. */
record TreePaths(Tree tree) implements LibraryPaths {
    @Override
    public Optional<NodeRow> resolveBlocking(String path) {
        return tree.resolveBlocking(path);
    }

    @Override
    public List<NodeRow> childrenBlocking(NodeId directory, String afterName, int limit) {
        return tree.childrenBlocking(directory, afterName, limit);
    }

    @Override
    public Optional<String> pathOfBlocking(NodeId node) {
        return tree.pathOfBlocking(node);
    }
}
