package dev.musicfs.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** The program's commands to be looked at, and not to be run. */
public final class Programs {
    private Programs() {}

    public static CommandLine line() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        return Main.line(new Console(nowhere, nowhere, List.of(), Map.of()), Caches.OF_THIS_MACHINE);
    }

    /** Fails with {@link IllegalArgumentException} when {@code -o} does not take this. */
    public static void requireMountOptions(String value) {
        var unused = MountOptions.parse(List.of(value));
    }
}
