package dev.musicfs.tree;

import java.util.List;

/**
 * The copies of one track after a batch.
 *
 * @param members all of them, the one that is shown first
 * @param owners files whose nodes are this track's from now on; some may be gone
 */
record CopyGroup(List<Copy> members, List<Copy> owners) {
    Copy leader() {
        return members.get(0);
    }

    /** Whether the batch may change what is shown. */
    boolean isTouched() {
        return members.stream()
                .anyMatch(copy -> copy.touched || copy.shown != leader().file.id());
    }
}
