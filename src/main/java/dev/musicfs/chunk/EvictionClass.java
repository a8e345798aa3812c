package dev.musicfs.chunk;

/** Which chunks leave first. */
public enum EvictionClass {
    /** What is played: leaves first, the least recently used before others. */
    AUDIO,
    /** What a scan for tags reads: header, picture, first and last blocks, trailer. Leaves last, with a quota of its own. */
    TAGS
}
