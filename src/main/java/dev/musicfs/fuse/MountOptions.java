package dev.musicfs.fuse;

import dev.musicfs.config.FuseConfig;
import dev.musicfs.fuse.protocol.Negotiation;
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
    // With the kernel's own 12, a dozen slow reads would hold up all others.
    private static final int MAX_BACKGROUND = 160;

    /** Those of the configuration. Only root's mounts are for everybody unasked: a daemon of root's is there to serve others. */
    public static MountOptions of(FuseConfig fuse, boolean root) {
        return new MountOptions(
                fuse.announce() ? ANNOUNCED_KERNEL_CACHE : UNANNOUNCED_KERNEL_CACHE,
                fuse.allowOther() || root,
                fuse.maxReadaheadBytes());
    }

    /** What the kernel is asked for when it makes the connection. */
    Negotiation.Wishes wishes() {
        return new Negotiation.Wishes(maxReadaheadBytes, MAX_BACKGROUND);
    }

    /** The string for {@code -o}, as libfuse's {@code fuse_mount} takes it. */
    String asOptionString() {
        List<String> options =
                new ArrayList<>(List.of("fsname=musicfs", "subtype=musicfs", "nodev", "nosuid", "noatime"));
        if (otherUsers) {
            options.add("allow_other");
        }
        return String.join(",", options);
    }
}
