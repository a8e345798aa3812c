package dev.musicfs.model;

/** The inode number of an entry in the mounted tree: positive, the same across restarts, never used again. */
public record NodeId(long value) implements Comparable<NodeId> {
    /** The mount's root directory. */
    public static final NodeId ROOT = new NodeId(1);

    /** Refuses numbers that cannot be inode numbers. */
    public NodeId {
        if (value < 1) {
            throw new IllegalArgumentException("inode number " + value + " is not positive");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return Long.compare(value, other.value);
    }
}
