package dev.musicfs.fuse;

import dev.musicfs.posix.CLibrary;
import dev.musicfs.posix.LibC;
import dev.musicfs.posix.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a new mount in the place of a dead one so that nobody sees the empty directory beneath, for which programs that
 * scan the mount would delete all they know.
 *
 * <p>The new one is mounted elsewhere, put <em>beneath</em> the dead one, which then is taken away
 * ({@code MOVE_MOUNT_BENEATH} of move_mount(2)). That takes root and Linux 6.5.
 */
final class Replacement {
    private static final Logger log = LoggerFactory.getLogger(Replacement.class);

    // The same numbers on all machines: since 4.20 they are given out together.
    private static final long OPEN_TREE = 428;
    private static final long MOVE_MOUNT = 429;
    private static final int OPEN_TREE_CLONE = 1;
    private static final int OPEN_TREE_CLOEXEC = 0x80000;
    private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
    private static final int MOVE_MOUNT_BENEATH = 0x200;
    private static final int AT_FDCWD = -100;
    private static final int ROOT = 0;
    private static final String ASIDE = "musicfs-mount-";

    private Replacement() {}

    /** Mounts at a path; a channel of libfuse, or 0 when it cannot. */
    @FunctionalInterface
    interface Mounting {
        long at(Path path);
    }

    /**
     * Mounts in the place of a dead mount. Blocks for milliseconds.
     *
     * @param destroy frees a channel that could not be used
     * @return the channel; 0 when that is not possible here and nothing has changed
     */
    static long mountBlocking(Path mountpoint, Mounting mounting, LongConsumer destroy) {
        if (CLibrary.calls().getuid() != ROOT) {
            return 0;
        }
        clearBlocking();
        Path aside;
        try {
            aside = Files.createTempDirectory(ASIDE);
        } catch (IOException e) {
            return 0;
        }
        long channel = 0;
        try {
            channel = mounting.at(aside);
            if (channel != 0 && putBeneath(aside, mountpoint)) {
                Unmounter.detach(mountpoint);
                log.info(
                        "{} was left over from a MusicFS that did not end properly; a new mount took its place.",
                        mountpoint);
                return channel;
            }
        } finally {
            Unmounter.detach(aside);
            deleteBlocking(aside);
        }
        if (channel != 0) {
            destroy.accept(channel);
        }
        return 0;
    }

    /** Takes away what processes left that were killed while they had a mount elsewhere. */
    private static void clearBlocking() {
        Path elsewhere = Path.of(System.getProperty("java.io.tmpdir"));
        String prefix = elsewhere.resolve(ASIDE).toString();
        for (MountTable.Mount mount : MountTable.read().mounts()) {
            if (mount.isMusicFs() && mount.mountPoint().startsWith(prefix)) {
                Path place = Path.of(mount.mountPoint());
                if (elsewhere.equals(place.getParent()) && Mountpoint.isStale(place)) {
                    Unmounter.detach(place);
                    deleteBlocking(place);
                }
            }
        }
    }

    // A copy of the mount is moved: one whose parent is shared, as systemd has it, cannot be moved itself.
    private static boolean putBeneath(Path from, Path top) {
        LibC c = CLibrary.calls();
        byte[] source = CLibrary.cString(from.toString());
        int copy = (int) c.syscall(OPEN_TREE, AT_FDCWD, source, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
        if (copy < 0) {
            log.debug("{} cannot be copied (errno {})", from, CLibrary.lastErrno());
            return false;
        }
        try {
            byte[] target = CLibrary.cString(top.toString());
            int flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_BENEATH;
            if (c.syscall(MOVE_MOUNT, copy, new byte[1], AT_FDCWD, target, flags) == 0) {
                return true;
            }
            log.debug("nothing can be mounted beneath {} (errno {})", top, CLibrary.lastErrno());
            return false;
        } finally {
            c.close(copy);
        }
    }

    private static void deleteBlocking(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            log.warn("The empty directory {} could not be deleted: {}", directory, e.getMessage());
        }
    }
}
