package dev.musicfs.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The connections of this machine, as the kernel lists them. */
final class Connections {
    private static final String ESTABLISHED = "01";
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int STATE = 3;

    private Connections() {}

    /** The open ones to a port of 127.0.0.1, each by the port at its other end. */
    static Set<String> to(int port) {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        Set<String> open = new HashSet<>();
        try {
            for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
                for (String line : Files.readAllLines(Path.of(table))) {
                    String[] fields = line.strip().split("\\s+", -1);
                    if (fields[REMOTE].endsWith(suffix) && fields[STATE].equals(ESTABLISHED)) {
                        open.add(fields[LOCAL]);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open;
    }
}
