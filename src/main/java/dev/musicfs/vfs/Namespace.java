package dev.musicfs.vfs;

import dev.musicfs.catalog.CatalogReader.Totals;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * The mounted tree as this room needs it. Called on FUSE threads; every method is quick and throws
 * {@link dev.musicfs.failure.MusicFsException}. The publish methods make a pending change visible; they answer whether
 * that very change was pending, and change nothing if not.
 */
public interface Namespace {
    /** The entry of a directory with exactly this name. */
    Optional<NodeRow> lookup(NodeId parent, String name);

    /** The node with this inode number. */
    Optional<NodeRow> node(NodeId id);

    /** At most {@code limit} entries with names after {@code afterName} (exclusive, "" from the start), in byte order. */
    List<NodeRow> children(NodeId directory, String afterName, int limit);

    /** Sums over the tree, in constant time. */
    Totals totals();

    /** Shows a new entry. */
    boolean publishCreated(NodeId parent, String name);

    /** Takes an entry away. */
    boolean publishRemoved(NodeId parent, String name);

    /** Gives an entry another name or place. */
    boolean publishMoved(NodeId fromParent, String fromName, NodeId toParent, String toName);

    /** Shows the new size and modification time of a file. */
    boolean publishChanged(NodeId file);
}
