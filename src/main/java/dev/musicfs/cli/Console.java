package dev.musicfs.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Where a command writes to, and the arguments and environment the process was started with. */
record Console(PrintStream out, PrintStream err, List<String> arguments, Map<String, String> environment) {
    void error(String sentence) {
        err.println("musicfs: " + sentence);
    }
}
