package dev.musicfs.tree.copies;

/** Two files that may be copies of one track; {@code better} is the one that would be shown. */
record CopyPair(TrackFile better, TrackFile other) {
    int likeness() {
        return better.likeness(other);
    }
}
