package dev.musicfs.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command line that starts this program again with the same JVM and the same options. */
final class OwnCommand {
    /** Tells a process that it is the one {@code mount -d} started. */
    static final String DETACHED = "--detached";

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private OwnCommand() {}

    /** For the process behind {@code mount -d} with these arguments, in a session of its own where setsid(1) is there. */
    static List<String> detached(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString());
        }
        command.addAll(java(Files.readAllBytes(Path.of("/proc/self/cmdline")), arguments));
        command.addAll(marked(arguments));
        return command;
    }

    /** The JVM's part of a NUL-separated command line: all that stands before the program's own arguments. */
    static List<String> java(byte[] commandLine, List<String> arguments) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        List<String> words = Arrays.asList(new String(commandLine, charset).split("\0", -1));
        // The last NUL ends a word and starts none.
        int own = words.size() - 1 - arguments.size();
        if (own > 1 && words.subList(own, words.size() - 1).equals(arguments)) {
            List<String> command = new ArrayList<>(words.subList(0, own));
            command.set(0, java.toString());
            return command;
        }
        // Started by something else than the java launcher, or by it with the arguments in an @file.
        return List.of(
                java.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OwnCommand.class.getPackageName() + ".Main");
    }

    private static List<String> marked(List<String> arguments) {
        List<String> marked = new ArrayList<>(arguments);
        marked.add(marked.indexOf("mount") + 1, DETACHED);
        return marked;
    }
}
