package dev.musicfs.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is mounted, as {@code /proc/self/mountinfo} tells it; unlike stat(2) it also knows mounts whose daemon died. */
record MountTable(List<Entry> entries) {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

    /** One mount: its directory, the filesystem's type and what it calls its source. */
    record Entry(String directory, String type, String source) {
        boolean isMusicFs() {
            return type.startsWith("fuse") && (type.equals("fuse.musicfs") || source.equals("musicfs"));
        }
    }

    static MountTable read() throws IOException {
        return parse(Files.readAllBytes(MOUNTINFO));
    }

    /** See proc_pid_mountinfo(5): the directory is the fifth field, type and source come after a lone dash. */
    static MountTable parse(byte[] mountinfo) {
        return new MountTable(new String(mountinfo, StandardCharsets.ISO_8859_1)
                .lines()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields.length > 9)
                .map(MountTable::entry)
                .toList());
    }

    /** The topmost mount on a directory. */
    Optional<Entry> on(Path directory) {
        return entries.stream()
                .filter(entry -> entry.directory().equals(directory.toString()))
                .reduce((below, above) -> above);
    }

    private static Entry entry(String[] fields) {
        int dash = 6;
        while (dash < fields.length - 3 && !fields[dash].equals("-")) {
            dash++;
        }
        return new Entry(unescape(fields[4]), unescape(fields[dash + 1]), unescape(fields[dash + 2]));
    }

    // Space, tab, newline and backslash stand as \040 and so on; everything else as the bytes it is.
    private static String unescape(String field) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(field.length());
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && i + 3 < field.length()) {
                bytes.write(Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                bytes.write(field.charAt(i));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
