package dev.musicfs.tree.template;

import dev.musicfs.model.RealPath;
import java.util.regex.Pattern;

/** Directories that hold one disc of an album, such as {@code CD1}, {@code Disc 2} and {@code Album - CD 02 (Live)}. */
public final class DiscFolder {
    private static final Pattern NAME = Pattern.compile(
            "(?:.*[^\\p{L}])?(?:cd|dis[ck]|disque|disco|lp|vinyl)[ _.#-]*[0-9]{1,2}(?:[^0-9].*)?",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);

    private DiscFolder() {}

    /** Whether a directory is called so. */
    public static boolean is(RealPath directory) {
        return NAME.matcher(directory.name()).matches();
    }
}
