package dev.musicfs.origin;

import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.ServerType;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import org.jspecify.annotations.Nullable;

/**
 * How much of a server's word is taken for a listing: one that makes up names without end would fill the memory, or the
 * catalog.
 *
 * @param entries in one directory at most
 * @param depth of directories in one another at most
 */
public record ListingLimits(int entries, int depth) {
    /** All names of one directory together. */
    private static final long MOST_CHARS = 24 << 20;

    private static final int LONGEST = 200;

    /** Those that are configured for an origin. */
    public static ListingLimits of(OriginSettings settings) {
        return new ListingLimits(
                settings.integer(ServerType.MAX_ENTRIES).orElse(ServerType.DEFAULT_ENTRIES),
                settings.integer(ServerType.MAX_DEPTH).orElse(ServerType.DEFAULT_DEPTH));
    }

    /** Throws {@code INVALID} when a directory has more entries. */
    public void check(String origin, RealPath directory, int found) {
        if (found > entries) {
            throw new MusicFsException(
                    FailureKind.INVALID,
                    origin + " has more than " + entries + " entries in "
                            + (directory.isRoot() ? "its root" : directory.value())
                            + ", the most that max_entries allows");
        }
    }

    /** Throws {@code INVALID} when the names of a directory take more memory than a listing may. */
    public void checkNames(String origin, RealPath directory, long chars) {
        if (chars > MOST_CHARS) {
            throw new MusicFsException(
                    FailureKind.INVALID,
                    origin + " has names of more than " + MOST_CHARS + " characters in "
                            + (directory.isRoot() ? "its root" : directory.value()));
        }
    }

    /** {@code INVALID} for a directory that lies too deep to be listed; null otherwise. */
    public @Nullable MusicFsException tooDeep(String origin, RealPath directory) {
        long found = directory.isRoot()
                ? 0
                : 1 + directory.value().chars().filter(c -> c == '/').count();
        return found <= depth
                ? null
                : new MusicFsException(
                        FailureKind.INVALID,
                        origin + " has directories more than " + depth
                                + " deep, the most that max_depth allows, one of them in "
                                + directory
                                        .value()
                                        .substring(
                                                0,
                                                Math.min(
                                                        LONGEST,
                                                        directory.value().length())));
    }
}
