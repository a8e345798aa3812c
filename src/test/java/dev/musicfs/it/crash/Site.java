package dev.musicfs.it.crash;

import dev.musicfs.testkit.ClassArchive;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where it all happens: directories below one, and how the jar is run there. */
record Site(Path dir, Path origin, Path mount, Path cache, Path config, ClassArchive archive) {
    static Site in(Path dir) throws IOException {
        Path config = Files.writeString(
                dir.resolve("musicfs.toml"),
                """
                [cache]
                local = "always"
                size = "64MiB"
                min_free = 0
                [safety]
                max_removed_percent = 100
                """);
        return new Site(
                dir,
                Files.createDirectories(dir.resolve("origin")),
                Files.createDirectories(dir.resolve("mount")),
                dir.resolve("cache"),
                config,
                new ClassArchive(dir.resolve("classes.jsa")));
    }

    /** Starts a daemon and does not wait. */
    DaemonProcess start(Map<String, String> environment) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-c", config.toString()));
        if (!environment.isEmpty()) {
            arguments.add("--failpoints");
        }
        Map<String, String> all = new TreeMap<>(environment);
        all.put("JDK_JAVA_OPTIONS", archive.options());
        return DaemonProcess.start(all, mount, cache, origin, arguments.toArray(String[]::new));
    }

    /** Runs a command beside the daemon. */
    Shell command(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("env", "JDK_JAVA_OPTIONS=" + archive.options()));
        command.addAll(DaemonProcess.javaJar());
        command.addAll(List.of(arguments));
        command.addAll(List.of("--cache-dir", cache.toString(), "-c", config.toString()));
        return Shell.run(command);
    }

    Path catalog() {
        return cache.resolve("catalog.db");
    }
}
