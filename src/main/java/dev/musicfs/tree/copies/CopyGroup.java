package dev.musicfs.tree.copies;

import java.util.List;

/**
 * The copies of one track after a batch.
 *
 * @param members all of them, the leader first
 * @param owners files whose nodes belong to this track from now on; some of the files may be gone
 */
public record CopyGroup(List<TrackFile> members, List<TrackFile> owners) {
    /** The one that is shown. */
    public TrackFile leader() {
        return members.get(0);
    }

    /** Whether the batch may change what is shown. */
    public boolean isTouched() {
        return members.stream()
                .anyMatch(copy -> copy.touched || copy.shown != leader().file.id());
    }
}
