package dev.musicfs.origin.posix;

import dev.musicfs.failure.MusicFsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is mounted where, from {@code /proc/self/mountinfo} (proc(5)), which never hangs whatever is mounted. */
public record MountInfo(List<Mount> mounts) {
    private static final Path TABLE = Path.of("/proc/self/mountinfo");
    private static final Set<String> NETWORK = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "smbfs",
            "9p",
            "davfs",
            "ceph",
            "glusterfs",
            "fuse.glusterfs",
            "fuse.sshfs",
            "fuse.rclone",
            "fuse.davfs",
            "fuse.davfs2",
            "fuse.smbnetfs",
            "fuse.ceph",
            "fuse.ceph-fuse",
            "afs");
    private static final int DEVICE = 2;
    private static final int MOUNT_POINT = 4;
    private static final int FIRST_OPTIONAL = 6;
    private static final int MOST_LINKS = 40;

    /**
     * One mount.
     *
     * @param mountPoint where, an absolute path; names that are not UTF-8 are not the same as in a {@code Path}
     * @param type such as {@code nfs4}
     * @param source such as {@code nas:/music}
     * @param device major and minor number, such as {@code 0:52}
     */
    public record Mount(String mountPoint, String type, String source, String device) {
        /** Whether what is there is on another machine. */
        public boolean network() {
            return NETWORK.contains(type);
        }
    }

    /** The table of this moment. */
    public static MountInfo read() {
        try {
            return parse(Files.readAllLines(TABLE, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw MusicFsException.wrap("Cannot read " + TABLE, e);
        }
    }

    /** From the lines of the file, each byte a character. */
    public static MountInfo parse(List<String> lines) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines) {
            List<String> fields = List.of(line.split(" ", -1));
            int separator = fields.size() <= FIRST_OPTIONAL
                    ? -1
                    : fields.subList(FIRST_OPTIONAL, fields.size()).indexOf("-") + FIRST_OPTIONAL;
            if (separator >= FIRST_OPTIONAL && separator + 2 < fields.size()) {
                mounts.add(new Mount(
                        unescape(fields.get(MOUNT_POINT)),
                        fields.get(separator + 1),
                        unescape(fields.get(separator + 2)),
                        fields.get(DEVICE)));
            }
        }
        return new MountInfo(List.copyOf(mounts));
    }

    /** The mount an absolute path without links lies on: the deepest, and of several at one place the last. */
    public Optional<Mount> covering(Path path) {
        return mounts.stream()
                .filter(mount -> path.startsWith(mount.mountPoint()))
                .reduce((a, b) -> b.mountPoint().length() >= a.mountPoint().length() ? b : a);
    }

    /**
     * The network mount a path leads to. Its links are followed name by name, and none is asked of a network mount, so
     * that this does not hang when one is dead.
     */
    public Optional<Mount> networkBlocking(Path path) {
        Path at = Path.of("/");
        Path rest = path.toAbsolutePath().normalize();
        rest = rest.getNameCount() == 0 ? rest : at.relativize(rest);
        int links = 0;
        while (true) {
            Optional<Mount> here = covering(at).filter(Mount::network);
            if (here.isPresent() || rest.toString().isEmpty() || rest.isAbsolute()) {
                return here;
            }
            Path next = at.resolve(rest.getName(0));
            Path left = rest.getNameCount() == 1 ? Path.of("") : rest.subpath(1, rest.getNameCount());
            Optional<Path> target = covering(next).filter(Mount::network).isPresent() ? Optional.empty() : link(next);
            if (target.isPresent() && links++ < MOST_LINKS) {
                Path whole = at.resolve(target.get()).resolve(left).normalize();
                at = Path.of("/");
                rest = whole.getNameCount() == 0 ? Path.of("") : at.relativize(whole);
            } else {
                at = next;
                rest = left;
            }
        }
    }

    private static Optional<Path> link(Path path) {
        try {
            return Optional.of(Files.readSymbolicLink(path));
        } catch (IOException | UnsupportedOperationException noLink) {
            return Optional.empty();
        }
    }

    /** The kernel writes space, tab, newline and backslash as three octal digits. */
    private static String unescape(String field) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(field.length());
        int i = 0;
        while (i < field.length()) {
            char c = field.charAt(i);
            if (c == '\\'
                    && i + 3 < field.length()
                    && field.substring(i + 1, i + 4).matches("[0-3][0-7][0-7]")) {
                bytes.write(Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 4;
            } else {
                bytes.write(c);
                i++;
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
