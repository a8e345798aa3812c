package dev.musicfs.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a directory is one in which nobody but this process's user, and root, can put anything. */
public final class OwnDirectory {
    private OwnDirectory() {}

    /**
     * What speaks against keeping files there, as the rest of a sentence that begins with the directory's name; empty when
     * nothing does, also when there is no such directory. The way to it may have links. A group that has the name of the
     * owner is taken for his own. Blocks as a disk does.
     *
     * @param names what is kept in it, none of which may be a link
     */
    public static Optional<String> objectionBlocking(Path directory, List<String> names) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        PosixFileAttributes found = Files.readAttributes(directory, PosixFileAttributes.class);
        int owner = uid(directory);
        int own = uid(Path.of("/proc/self"));
        if (owner != own && owner != 0) {
            return Optional.of("belongs to another user, " + found.owner().getName()
                    + "; give it to the user of the daemon (chown -R) or choose another directory");
        }
        Set<PosixFilePermission> modes = found.permissions();
        boolean group = modes.contains(PosixFilePermission.GROUP_WRITE)
                && !found.group().getName().equals(found.owner().getName());
        if (group || modes.contains(PosixFilePermission.OTHERS_WRITE)) {
            return Optional.of(
                    "can be written by other users; take that from them (chmod go-w) or choose another directory");
        }
        for (String name : names) {
            if (Files.isSymbolicLink(directory.resolve(name))) {
                return Optional.of("has a link in place of " + name + "; remove it");
            }
        }
        return Optional.empty();
    }

    private static int uid(Path path) throws IOException {
        return ((Number) Files.getAttribute(path, "unix:uid", new LinkOption[0])).intValue();
    }
}
