package dev.musicfs.failure;

/**
 * The kinds of failure MusicFS tells apart.
 *
 * <p>Every question about a kind is an exhaustive {@code switch} expression without a default, so that a new kind does
 * not compile until each question has an answer. The errno of a kind is in {@code dev.musicfs.fuse.Answers}.
 */
public enum FailureKind {
    /** The thing does not exist, and the answer comes from a source that can know. */
    NOT_FOUND,
    /** Something asked for a change; nothing in a mounted library can be changed. */
    READ_ONLY,
    /** The thing was replaced by another version since it was looked at. */
    STALE,
    /** It cannot be reached at present: a dead disk, network or server. */
    UNAVAILABLE,
    /** No answer within the deadline. */
    TIMEOUT,
    /** Reached, and refused: permissions or credentials. */
    REJECTED,
    /** Bytes that are not what they should be. */
    CORRUPT,
    /** No room on the device that was to be written. */
    NO_SPACE,
    /** A request that makes no sense, such as a negative offset. */
    INVALID,
    /** A defect in MusicFS itself. */
    INTERNAL;

    /** Whether the same request may succeed when it is repeated a moment later. */
    public boolean retryable() {
        return switch (this) {
            case UNAVAILABLE, TIMEOUT, CORRUPT -> true;
            case NOT_FOUND, READ_ONLY, STALE, REJECTED, NO_SPACE, INVALID, INTERNAL -> false;
        };
    }

    /** Whether the failure says something about the health of the origin it came from. */
    public boolean countsAgainstBreaker() {
        return switch (this) {
            case UNAVAILABLE, TIMEOUT, REJECTED -> true;
            case NOT_FOUND, READ_ONLY, STALE, CORRUPT, NO_SPACE, INVALID, INTERNAL -> false;
        };
    }
}
