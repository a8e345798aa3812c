package dev.musicfs.catalog;

import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;

/** One change of the catalog; a list of them is applied in order and in one transaction. */
public sealed interface Mutation {
    /** Inserts the file, or replaces the one with the same id. */
    record PutFile(FileRow file) implements Mutation {}

    /** Forgets the file; no node may show it any more at the end of the transaction. */
    record RemoveFile(long fileId) implements Mutation {}

    /** Remembers that an origin has this directory (the root is implied). */
    record PutFolder(OriginId origin, RealPath path) implements Mutation {}

    /** Forgets a directory of an origin; its files and sub-directories are removed by mutations of their own. */
    record RemoveFolder(OriginId origin, RealPath path) implements Mutation {}

    /** Inserts the node, or replaces the one with the same id. */
    record PutNode(NodeRow node) implements Mutation {}

    /** Removes the node; a directory must be empty by then. */
    record RemoveNode(NodeId node) implements Mutation {}
}
