package dev.musicfs.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The state of a process as proc_pid_stat(5) names it, by a letter such as {@code Z} for one that has ended. */
final class ProcessState {
    /** Of a process that is not there. */
    static final char NONE = ' ';

    private ProcessState() {}

    /** The state of the process's first thread, or {@link #NONE}. */
    static char of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            // It follows the name, which may hold anything, in parentheses.
            int state = stat.lastIndexOf(')') + 2;
            return state < stat.length() ? stat.charAt(state) : NONE;
        } catch (IOException e) {
            return NONE;
        }
    }
}
