package dev.musicfs.control.api;

import java.util.List;
import java.util.Optional;

/**
 * What of an origin's files is not shown as it is there.
 *
 * @param unknownEntries how many entries cannot be looked at; what is known of them is kept
 * @param unknown the first of them, at most {@value #MOST_NAMED}
 * @param damagedFiles how many files are damaged and shown under their own names
 * @param heldRemovals how many files seem gone and are kept until that is confirmed
 * @param held why they are, when there are any
 * @param passedOver what is taken for no music by which rule, most first, at most {@value #MOST_NAMED}
 */
public record LibraryStatus(
        long unknownEntries,
        List<Unknown> unknown,
        long damagedFiles,
        long heldRemovals,
        Optional<String> held,
        List<PassedOver> passedOver) {
    /** How many of each kind are named. */
    public static final int MOST_NAMED = 20;

    /** Of an origin whose files are all shown as they are. */
    public static final LibraryStatus IN_STEP = new LibraryStatus(0, List.of(), 0, 0, Optional.empty(), List.of());

    /** Copies the lists. */
    public LibraryStatus {
        unknown = List.copyOf(unknown);
        passedOver = List.copyOf(passedOver);
    }

    /**
     * Entries that are passed over.
     *
     * @param rule the pattern, the file that has it, or that it is no music
     * @param entries how many there are; a directory is one
     */
    public record PassedOver(String rule, long entries) {}

    /**
     * An entry that cannot be looked at.
     *
     * @param path where it is at its origin
     * @param reason the name of the error number behind it, such as {@code EACCES}, or else the kind of failure
     */
    public record Unknown(String path, String reason) {}
}
