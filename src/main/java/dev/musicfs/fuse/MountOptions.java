package dev.musicfs.fuse;

import dev.musicfs.config.FuseConfig;
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
    private static final Duration ANNOUNCED_KERNEL_CACHE = Duration.ofHours(1);
    private static final Duration UNANNOUNCED_KERNEL_CACHE = Duration.ofSeconds(1);
    // Of buffered reads the kernel keeps back what would find no place here.
    private static final int MAX_BACKGROUND = AdmissionQueue.PLACES_OF_A_KIND;
    private static final int CONGESTION_THRESHOLD = MAX_BACKGROUND * 3 / 4;

    /** Those of the configuration. Only root's mounts are for everybody unasked: a daemon of root's is there to serve others. */
    public static MountOptions of(FuseConfig fuse, boolean root) {
        return new MountOptions(
                fuse.announce() ? ANNOUNCED_KERNEL_CACHE : UNANNOUNCED_KERNEL_CACHE,
                fuse.allowOther() || root,
                fuse.maxReadaheadBytes());
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
}
