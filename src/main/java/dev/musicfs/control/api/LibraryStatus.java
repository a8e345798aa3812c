package dev.musicfs.control.api;

import java.util.List;
import java.util.Optional;

/**
 * What of an origin's files is not shown as it is there.
 *
 * @param unknownEntries how many entries cannot be looked at; what is known of them is kept
 * @param unknown the first of them, at most {@value #MOST_NAMED}
 * @param heldRemovals how many files seem gone and are kept until that is confirmed
 * @param held why they are, when there are any
 */
public record LibraryStatus(long unknownEntries, List<Unknown> unknown, long heldRemovals, Optional<String> held) {
    /** How many of each kind are named. */
    public static final int MOST_NAMED = 20;

    /** Of an origin whose files are all shown as they are. */
    public static final LibraryStatus IN_STEP = new LibraryStatus(0, List.of(), 0, Optional.empty());

    /** Copies the list. */
    public LibraryStatus {
        unknown = List.copyOf(unknown);
    }

    /**
     * An entry that cannot be looked at.
     *
     * @param path where it is at its origin
     * @param reason the name of the error number behind it, such as {@code EACCES}, or else the kind of failure
     */
    public record Unknown(String path, String reason) {}
}
