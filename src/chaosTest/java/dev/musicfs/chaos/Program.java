package dev.musicfs.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Where programs are: on the path, or where {@code scripts/setup} and {@code scripts/chaos} keep those they made. */
final class Program {
    private Program() {}

    /** The path of a program. */
    static String require(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalStateException(name + " is missing: run the tests with scripts/chaos"));
    }

    private static Optional<String> find(String name) {
        String cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(dir -> !dir.isEmpty())
                .orElse(System.getProperty("user.home") + "/.cache");
        return Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(":", -1)),
                        Stream.of(cache + "/musicfs-tools", cache + "/musicfs-tools/beets/bin", "/usr/sbin"))
                .map(dir -> Path.of(dir).resolve(name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
