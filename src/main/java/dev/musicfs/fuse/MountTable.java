package dev.musicfs.fuse;

import dev.musicfs.failure.MusicFsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is mounted where, from {@code /proc/self/mountinfo} (proc(5)); unlike stat(2) it knows mounts whose daemon died. */
public record MountTable(List<Mount> mounts) {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
    private static final int DEVICE = 2;
    private static final int MOUNT_POINT = 4;
    private static final int FIRST_OPTIONAL = 6;

    /** The table of this moment. */
    public static MountTable read() {
        try {
            // Bytes as they are: names need not be UTF-8.
            return parse(Files.readAllLines(MOUNTINFO, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw MusicFsException.wrap("Cannot read " + MOUNTINFO, e);
        }
    }

    /** From the lines of the file, each byte a character. */
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
                        fields.get(DEVICE).substring(fields.get(DEVICE).indexOf(':') + 1)));
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

    /**
     * A path as the table has it, which may differ from the given one by links. Nothing is asked of what is mounted there,
     * which might never answer.
     */
    public static Path unasked(Path mountPoint) {
        Path path = mountPoint.toAbsolutePath().normalize();
        Path parent = path.getParent();
        Path name = path.getFileName();
        try {
            return parent == null || name == null ? path : parent.toRealPath().resolve(name);
        } catch (IOException e) {
            return path;
        }
    }

    /**
     * One mount.
     *
     * @param mountPoint where, an absolute path
     * @param type such as {@code ext4} or {@code fuse.musicfs}
     * @param source what is mounted, such as a device
     * @param minor minor number of its device, by which FUSE names a connection
     */
    public record Mount(String mountPoint, String type, String source, String minor) {
        /** Whether this is a mount of MusicFS, alive or dead; some systems drop the part of the type behind the dot. */
        public boolean isMusicFs() {
            return type.startsWith("fuse") && (type.equals("fuse.musicfs") || source.equals("musicfs"));
        }

        /** Whether a process of whatever program serves it. */
        public boolean isFuse() {
            return type.equals("fuse") || type.startsWith("fuse.");
        }
    }
}
