package dev.musicfs.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the process was started with, as far as defaults depend on it.
 *
 * @param variables of its environment
 * @param home the user's home directory
 * @param root whether the user is root, for whom system directories are the default
 */
record Environment(Map<String, String> variables, Path home, boolean root) {
    static Environment ofThisProcess() {
        return new Environment(
                System.getenv(),
                Path.of(System.getProperty("user.home", "/")),
                System.getProperty("user.name", "").equals("root"));
    }

    Path defaultCacheDir() {
        Path xdg = absolute("XDG_CACHE_HOME");
        if (xdg == null && root) {
            return Path.of("/var/cache/musicfs");
        }
        return (xdg == null ? home.resolve(".cache") : xdg).resolve("musicfs");
    }

    /** Where a configuration file is looked for; the first that exists is the one. */
    List<Path> configFiles() {
        Path xdg = absolute("XDG_CONFIG_HOME");
        return List.of(
                (xdg == null ? home.resolve(".config") : xdg).resolve("musicfs/musicfs.toml"),
                Path.of("/etc/musicfs/musicfs.toml"));
    }

    // The XDG base directory specification has relative ones ignored.
    private @Nullable Path absolute(String variable) {
        String value = variables.get(variable);
        return value != null && value.startsWith("/") ? Path.of(value) : null;
    }
}
