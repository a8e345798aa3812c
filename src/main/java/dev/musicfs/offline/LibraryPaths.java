package dev.musicfs.offline;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The tree as pins see it: files by the paths they are shown under. Asking it blocks.
 *
 * @param nodes what a path that begins with a slash leads to; empty when there is nothing
 * @param children the entries of a directory
 * @param paths where an entry is shown, beginning with a slash; empty when it is gone
 */
public record LibraryPaths(
        Function<String, Optional<NodeRow>> nodes, Children children, Function<NodeId, Optional<String>> paths) {
    /** The entries of a directory. */
    @FunctionalInterface
    public interface Children {
        /** At most {@code limit} entries of a directory, by name, that come after {@code afterName}. */
        List<NodeRow> childrenBlocking(NodeId directory, String afterName, int limit);
    }

    Optional<NodeRow> resolveBlocking(String path) {
        return nodes.apply(path);
    }

    List<NodeRow> childrenBlocking(NodeId directory, String afterName, int limit) {
        return children.childrenBlocking(directory, afterName, limit);
    }

    Optional<String> pathOfBlocking(NodeId node) {
        return paths.apply(node);
    }
}
