package dev.musicfs.control.api;

import java.util.List;

/**
 * What of an origin's files is not shown as it is there.
 *
 * @param unknownEntries how many entries cannot be looked at; what is known of them is kept
 * @param unknown the first of them, at most {@value #MOST_NAMED}
 */
public record LibraryStatus(long unknownEntries, List<Unknown> unknown) {
    /** How many of each kind are named. */
    public static final int MOST_NAMED = 20;

    /** Of an origin whose files are all shown as they are. */
    public static final LibraryStatus IN_STEP = new LibraryStatus(0, List.of());

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
