package dev.musicfs.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a disk knows of a file beside its size and time, as the {@linkplain FileVersion#tag tag} of its version: a file that
 * is written with the same size and time, or put in the place of another, is another version.
 *
 * @param inode its number, or 0 where the file system gives out others after every mount
 * @param changeNanos when it was last changed in any way (ctime), nanoseconds since the epoch; nobody can set it. It also
 *     moves with the name, the owner and the modes
 */
public record InodeTag(long inode, long changeNanos) {
    private static final int RADIX = 36;
    private static final Pattern TEXT = Pattern.compile("i([0-9a-z]{1,13}):(-?[0-9a-z]{1,13})");

    /** As a tag. */
    public String text() {
        return "i" + Long.toUnsignedString(inode, RADIX) + ":" + Long.toString(changeNanos, RADIX);
    }

    /** What a tag says; empty for a tag that is none of a disk. */
    public static Optional<InodeTag> of(FileVersion version) {
        Matcher text = TEXT.matcher(version.tag());
        try {
            return text.matches()
                    ? Optional.of(new InodeTag(
                            Long.parseUnsignedLong(text.group(1), RADIX), Long.parseLong(text.group(2), RADIX)))
                    : Optional.empty();
        } catch (NumberFormatException beyondLong) {
            return Optional.empty();
        }
    }
}
