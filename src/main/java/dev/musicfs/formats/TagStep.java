package dev.musicfs.formats;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.TrackTags;

/** What one {@linkplain TagReader#step step} of reading tags came to. */
public sealed interface TagStep permits TagStep.Done, TagStep.Needs {
    /** The tags are known. */
    record Done(TrackTags tags) implements TagStep {}

    /**
     * More of the file has to be fetched.
     *
     * @param range 1 byte to 256 KiB inside the file, of which nothing is known yet
     */
    record Needs(ByteRange range) implements TagStep {}
}
