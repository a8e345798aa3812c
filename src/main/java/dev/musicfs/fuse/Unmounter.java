package dev.musicfs.fuse;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.posix.CLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Takes mounts away: by system call, or through the setuid program {@code fusermount} for users who may not. */
final class Unmounter {
    private static final int MNT_FORCE = 1;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final List<String> PROGRAMS = List.of("fusermount", "fusermount3");
    private static final long PROGRAM_PATIENCE_SECONDS = 10;

    private Unmounter() {}

    /** Whether it is gone; false when somebody uses it. */
    static boolean unmount(Path mountpoint) {
        return unmount(mountpoint, 0, List.of("-u"));
    }

    /** Takes it out of sight at once; its last users keep it until they let go. */
    static void detach(Path mountpoint) {
        unmount(mountpoint, MNT_DETACH, List.of("-u", "-z"));
    }

    /** As {@link #detach}, and, as root, fails every request that is still under way. */
    static void abort(Path mountpoint) {
        unmount(mountpoint, MNT_FORCE | MNT_DETACH, List.of("-u", "-z"));
    }

    private static boolean unmount(Path mountpoint, int flags, List<String> options) {
        int result = CLibrary.calls().umount2(CLibrary.cString(mountpoint.toString()), flags | UMOUNT_NOFOLLOW);
        if (result == 0) {
            return true;
        }
        int error = CLibrary.lastErrno();
        if (error == Errno.EBUSY.number()) {
            return false;
        }
        if (error == Errno.EINVAL.number() || error == Errno.ENOENT.number()) {
            return true; // nothing is mounted there any more
        }
        if (error == Errno.EPERM.number()) {
            return runProgram(mountpoint, options);
        }
        throw new MusicFsException(FailureKind.INTERNAL, mountpoint + " cannot be unmounted (errno " + error + ").");
    }

    private static boolean runProgram(Path mountpoint, List<String> options) {
        IOException missing = null;
        for (String program : PROGRAMS) {
            List<String> command = new ArrayList<>(List.of(program));
            command.addAll(options);
            command.addAll(List.of("-q", "--", mountpoint.toString()));
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                return process.waitFor(PROGRAM_PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            } catch (IOException e) {
                missing = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        throw new MusicFsException(
                FailureKind.UNAVAILABLE,
                mountpoint + " cannot be unmounted without fusermount; install the package fuse3.",
                missing);
    }
}
