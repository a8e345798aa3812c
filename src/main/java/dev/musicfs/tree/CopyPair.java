package dev.musicfs.tree;

/** Two files that may be copies of one track; {@code better} is the one that would be shown. */
record CopyPair(Copy better, Copy other) {
    int likeness() {
        return better.likeness(other);
    }
}
