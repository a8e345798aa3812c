package dev.musicfs.cli;

import java.io.PrintStream;
import java.util.List;

/** Where a command writes to, and the arguments the process was started with. */
record Console(PrintStream out, PrintStream err, List<String> arguments) {
    void error(String sentence) {
        err.println("musicfs: " + sentence);
    }
}
