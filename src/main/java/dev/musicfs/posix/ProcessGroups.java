package dev.musicfs.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** The supplementary groups of a running program. */
public final class ProcessGroups {
    private static final String LABEL = "Groups:";

    private ProcessGroups() {}

    /**
     * Whether a thread has a group as a supplementary one; false when it is gone, or not of this PID namespace. Reads
     * {@code /proc}.
     *
     * @param thread its id in this process's PID namespace
     */
    public static boolean containsBlocking(int thread, int group) {
        if (thread <= 0) {
            return false;
        }
        String wanted = Integer.toUnsignedString(group);
        Path status = Path.of("/proc", Integer.toString(thread), "status");
        try (Stream<String> lines = Files.lines(status, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(LABEL))
                    .flatMap(line ->
                            Arrays.stream(line.substring(LABEL.length()).trim().split("\\s+")))
                    .anyMatch(wanted::equals);
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
