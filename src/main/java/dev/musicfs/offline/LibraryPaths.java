package dev.musicfs.offline;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import java.util.List;
import java.util.Optional;

/** The tree as pins see it: files by the paths they are shown under. Blocks. */
public interface LibraryPaths {
    /** What a path that begins with a slash leads to; empty when there is nothing. */
    Optional<NodeRow> resolveBlocking(String path);

    /** At most {@code limit} entries of a directory, by name, that come after {@code afterName}. */
    List<NodeRow> childrenBlocking(NodeId directory, String afterName, int limit);

    /** Where an entry is shown, beginning with a slash; empty when it is gone. */
    Optional<String> pathOfBlocking(NodeId node);
}
