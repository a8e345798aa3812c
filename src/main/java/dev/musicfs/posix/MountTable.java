package dev.musicfs.posix;

import dev.musicfs.failure.MusicFsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is mounted where, from {@code /proc/self/mountinfo} (proc(5)). Reading it never hangs, and unlike stat(2) it knows
 * mounts whose daemon has died.
 *
 * @param mounts in the order in which they were made, so that each hides those before it at the same place
 */
public record MountTable(List<Mount> mounts) {
    private static final Path FILE = Path.of("/proc/self/mountinfo");
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
     * @param mountPoint where, an absolute path; a name that is not UTF-8 differs from the same name in a {@code Path}
     * @param type such as {@code ext4} or {@code fuse.musicfs}
     * @param source what is mounted, such as a device or {@code nas:/music}
     * @param device major and minor number, such as {@code 0:52}
     */
    public record Mount(String mountPoint, String type, String source, String device) {
        /** Whether what is there is on another machine. */
        public boolean isNetwork() {
            return NETWORK.contains(type);
        }

        /** Whether this is a mount of MusicFS, alive or dead; some systems drop the part of the type after the dot. */
        public boolean isMusicFs() {
            return type.startsWith("fuse") && (type.equals("fuse.musicfs") || source.equals("musicfs"));
        }

        /** Whether a process of whatever program serves it. */
        public boolean isFuse() {
            return type.equals("fuse") || type.startsWith("fuse.");
        }

        /** The number by which FUSE names a connection. */
        public String minor() {
            return device.substring(device.indexOf(':') + 1);
        }
    }

    /** The table of this moment; {@code UNAVAILABLE} where there is none. */
    public static MountTable read() {
        try {
            // Bytes as they are: names need not be UTF-8.
            return parse(Files.readAllLines(FILE, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw MusicFsException.wrap("Cannot read " + FILE, e);
        }
    }

    /** From the lines of the file, each byte a character; lines of another form are skipped. */
    public static MountTable parse(List<String> lines) {
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
        return new MountTable(List.copyOf(mounts));
    }

    /** What is seen at exactly this absolute path: the last mount there. */
    public Optional<Mount> at(Path mountPoint) {
        return allAt(mountPoint).stream().reduce((first, second) -> second);
    }

    /** The mounts at exactly this absolute path, each over those before it. */
    public List<Mount> allAt(Path mountPoint) {
        String wanted = mountPoint.toString();
        return mounts.stream()
                .filter(mount -> mount.mountPoint().equals(wanted))
                .toList();
    }

    /** The mount an absolute path without links lies on: the deepest, and of several at one place the last. */
    public Optional<Mount> covering(Path path) {
        return mounts.stream()
                .filter(mount -> path.startsWith(mount.mountPoint()))
                .reduce((a, b) -> b.mountPoint().length() >= a.mountPoint().length() ? b : a);
    }

    /**
     * The network mount a path leads to. Its links are followed name by name, and no network mount is asked for any, so
     * that this does not hang when one is dead.
     */
    public Optional<Mount> networkBlocking(Path path) {
        Path at = Path.of("/");
        Path rest = path.toAbsolutePath().normalize();
        rest = rest.getNameCount() == 0 ? rest : at.relativize(rest);
        int links = 0;
        while (true) {
            Optional<Mount> here = covering(at).filter(Mount::isNetwork);
            if (here.isPresent() || rest.toString().isEmpty() || rest.isAbsolute()) {
                return here;
            }
            Path next = at.resolve(rest.getName(0));
            Path left = rest.getNameCount() == 1 ? Path.of("") : rest.subpath(1, rest.getNameCount());
            Optional<Path> target = covering(next).filter(Mount::isNetwork).isPresent() ? Optional.empty() : link(next);
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

    /** A mountpoint, or where one is to be, as the table of this moment names it; see {@link #placeBlocking}. */
    public static Path placeOf(Path mountPoint) {
        return read().placeBlocking(mountPoint);
    }

    /**
     * A path as the table would name it: absolute, and without links, be it itself one. What does not exist is no link. No
     * mount of MusicFS is asked for any, since one whose process hangs never answers.
     */
    public Path placeBlocking(Path path) {
        return resolvedBlocking(path, Mount::isMusicFs);
    }

    /** The same, where no network mount is asked either, below which links stay what they are. */
    public Path nearPlaceBlocking(Path path) {
        return resolvedBlocking(path, mount -> mount.isMusicFs() || mount.isNetwork());
    }

    private Path resolvedBlocking(Path path, Predicate<Mount> unasked) {
        Path at = Path.of("/");
        Deque<Path> left = new ArrayDeque<>();
        path.toAbsolutePath().normalize().forEach(left::add);
        int links = 0;
        while (!left.isEmpty()) {
            Path name = left.remove();
            Path next = at.resolve(name).normalize();
            Optional<Path> target =
                    next.equals(at) || covering(next).filter(unasked).isPresent() ? Optional.empty() : link(next);
            if (target.isPresent() && links++ < MOST_LINKS) {
                at = target.get().isAbsolute() ? Path.of("/") : at;
                List<Path> names = new ArrayList<>();
                target.get().forEach(names::add);
                Collections.reverse(names);
                names.forEach(left::addFirst);
            } else {
                at = next;
            }
        }
        return at;
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
