package dev.musicfs.it.crash;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where it all happens: directories below one, and how the jar is run there. */
record Site(Path dir, Path origin, Path mount, Path cache, Path config) {
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
                config);
    }

    /** Starts a daemon and does not wait. */
    DaemonProcess start(Map<String, String> environment) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-c", config.toString()));
        if (!environment.isEmpty()) {
            arguments.add("--failpoints");
        }
        return DaemonProcess.start(environment, mount, cache, origin, arguments.toArray(String[]::new));
    }

    /** Runs a command beside the daemon. */
    Shell command(String... arguments) throws IOException, InterruptedException {
        return DaemonProcess.run(arguments, "--cache-dir", cache.toString(), "-c", config.toString());
    }

    Path catalog() {
        return cache.resolve("catalog.db");
    }
}
