package dev.musicfs.fuse;

import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How the kernel is to treat the mount.
 *
 * @param kernelCache how long it may keep names and attributes; announcements keep them right
 * @param otherUsers whether users besides the mounting one may see it
 * @param maxReadaheadBytes how far it reads ahead of a program at most
 */
public record MountOptions(Duration kernelCache, boolean otherUsers, int maxReadaheadBytes) {
    private static final Path FUSE_CONF = Path.of("/etc/fuse.conf");
    private static final int KERNEL_READAHEAD_BYTES = 128 * 1024;
    private static final int MAX_BACKGROUND = 256;
    private static final int CONGESTION_THRESHOLD = 192;

    /** An hour of caching, and other users wherever the system allows that. */
    public static MountOptions standard() {
        return new MountOptions(Duration.ofHours(1), otherUsersAllowed(), KERNEL_READAHEAD_BYTES);
    }

    /** The string for {@code -o}. */
    String asOptionString() {
        List<String> options = new ArrayList<>(List.of(
                "fsname=musicfs",
                "subtype=musicfs",
                "use_ino",
                // Without it, removing a file that somebody has open becomes a renaming.
                "hard_remove",
                "entry_timeout=" + kernelCache.toSeconds(),
                "negative_timeout=" + kernelCache.toSeconds(),
                "attr_timeout=" + kernelCache.toSeconds(),
                // With the default of 12, a dozen slow reads would hold up all others.
                "max_background=" + MAX_BACKGROUND,
                "congestion_threshold=" + CONGESTION_THRESHOLD,
                "max_readahead=" + maxReadaheadBytes,
                "nodev",
                "nosuid",
                "noatime"));
        if (otherUsers) {
            options.add("allow_other");
        }
        return String.join(",", options);
    }

    private static boolean otherUsersAllowed() {
        if (NativeLibraries.c().getuid() == 0) {
            return true;
        }
        if (!Files.isReadable(FUSE_CONF)) {
            return false;
        }
        try {
            return Files.readAllLines(FUSE_CONF, StandardCharsets.ISO_8859_1).stream()
                    .anyMatch(line -> line.strip().equals("user_allow_other"));
        } catch (IOException e) {
            throw MusicFsException.wrap("Cannot read " + FUSE_CONF, e);
        }
    }
}
