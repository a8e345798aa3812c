package dev.musicfs.vfs;

import dev.musicfs.catalog.CatalogReader.Totals;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import dev.musicfs.tree.Tree;
import java.util.List;
import java.util.Optional;

/** The tree as {@code vfs} wants to see it. */
public record TreeNamespace(Tree tree) implements Namespace {
    @Override
    public Optional<NodeRow> lookup(NodeId parent, String name) {
        return tree.lookupBlocking(parent, name);
    }

    @Override
    public Optional<NodeRow> node(NodeId id) {
        return tree.nodeBlocking(id);
    }

    @Override
    public List<NodeRow> children(NodeId directory, String afterName, int limit) {
        return tree.childrenBlocking(directory, afterName, limit);
    }

    @Override
    public Totals totals() {
        return tree.totalsBlocking();
    }

    @Override
    public boolean publishCreated(NodeId parent, String name) {
        return tree.publishCreated(parent, name);
    }

    @Override
    public boolean publishRemoved(NodeId parent, String name) {
        return tree.publishRemoved(parent, name);
    }

    @Override
    public boolean publishMoved(NodeId fromParent, String fromName, NodeId toParent, String toName) {
        return tree.publishMoved(fromParent, fromName, toParent, toName);
    }

    @Override
    public boolean publishChanged(NodeId file) {
        return tree.nodeBlocking(file)
                .map(node -> tree.publishChanged(node.parent(), node.name()))
                .orElse(false);
    }
}
