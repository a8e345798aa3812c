package dev.musicfs.formats;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;

/** What one {@linkplain LayoutReader#step step} of reading a layout came to. */
public sealed interface LayoutStep permits LayoutStep.Done, LayoutStep.Needs {
    /**
     * The layout is known.
     *
     * @param layout lies inside the file
     */
    record Done(AudioLayout layout) implements LayoutStep {}

    /**
     * More of the file has to be fetched.
     *
     * @param range 1 byte to 256 KiB inside the file, of which nothing is known yet
     */
    record Needs(ByteRange range) implements LayoutStep {}
}
