package dev.musicfs.posix;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whom this process belongs to.
 *
 * @param uid the effective user
 * @param gid the effective group
 */
public record ProcessOwner(int uid, int gid) {
    /** Asks the system. */
    public static ProcessOwner read() {
        return new ProcessOwner(id("uid"), id("gid"));
    }

    private static int id(String which) {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:" + which);
        } catch (IOException e) {
            throw new MusicFsException(FailureKind.INTERNAL, "the " + which + " of this process is unknown", e);
        }
    }
}
