package dev.musicfs.model;

import java.util.OptionalLong;

/**
 * What an inode is known by under whatever name: the file key of an origin that is a disk. An inode number alone is given
 * out again as soon as its file is deleted; together with the time of the file's birth it is that file's for good.
 */
public final class InodeKey {
    private InodeKey() {}

    /**
     * The key; never 0.
     *
     * @param inode its number
     * @param birthNanos when the file was made, where the file system tells
     */
    public static long of(long inode, OptionalLong birthNanos) {
        if (birthNanos.isEmpty()) {
            return Math.max(1, inode & Long.MAX_VALUE);
        }
        return mixed(inode * 0x9E3779B97F4A7C15L + mixed(birthNanos.getAsLong())) | Long.MIN_VALUE;
    }

    /** Whether two files that ever had this key are one and the same. */
    public static boolean isUnique(long key) {
        return key < 0;
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
    private static long mixed(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
