package dev.musicfs.library;

/**
 * Files that seem gone and are kept until somebody says that they are.
 *
 * @param files how many
 * @param emptyRoot whether the whole origin is empty, as if its disk were not mounted
 * @param why one sentence for people
 */
public record HeldRemovals(long files, boolean emptyRoot, String why) {
    /** Whether saying yes to this is saying yes to {@code other} too: no more files, and for no worse a reason. */
    boolean covers(HeldRemovals other) {
        return other.files <= files && (emptyRoot || !other.emptyRoot);
    }
}
