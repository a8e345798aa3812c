package dev.musicfs.tree;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;

/** Where an entry is: a name in a directory. */
record Place(NodeId parent, String name) {
    static Place of(NodeRow node) {
        return new Place(node.parent(), node.name());
    }
}
