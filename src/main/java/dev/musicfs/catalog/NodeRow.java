package dev.musicfs.catalog;

import dev.musicfs.model.NodeId;

/**
 * An entry of the mounted tree.
 *
 * @param id inode number
 * @param parent the directory it is in; the root is its own parent
 * @param name its name there, unique in the directory, compared as UTF-8 bytes; empty for the root
 * @param fileId the {@link FileRow} whose bytes it shows, 0 for a directory
 * @param sizeBytes exact size, 0 for a directory
 * @param mtimeNanos last modification, nanoseconds since the epoch; of a directory, when its content last changed
 */
public record NodeRow(NodeId id, NodeId parent, String name, long fileId, long sizeBytes, long mtimeNanos) {
    /** Whether this is a directory. */
    public boolean isDirectory() {
        return fileId == 0;
    }
}
