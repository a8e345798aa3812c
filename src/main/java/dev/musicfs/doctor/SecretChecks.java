package dev.musicfs.doctor;

import dev.musicfs.config.LoadedConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginKey;
import dev.musicfs.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whether the files that hold passwords and keys are there, and their owner's alone: the configuration when it has one in
 * clear, and those it names, also for origins that are switched off. Files are looked at and never opened, so that nothing
 * of a secret can be told. What is in variables and in systemd's credentials is not looked at.
 */
final class SecretChecks {
    private static final String NAME = "secrets";

    private final LoadedConfig loaded;
    private final Predicate<Path> readable;

    /** @param readable whether this user may read a file; may block */
    SecretChecks(LoadedConfig loaded, Predicate<Path> readable) {
        this.loaded = loaded;
        this.readable = readable;
    }

    /** One finding for each file that is not as it should be; one for all when none is. */
    Check check() {
        return new Check(NAME, this::lookBlocking);
    }

    private List<Finding> lookBlocking() throws IOException {
        Map<Path, String> named = new LinkedHashMap<>();
        loaded.config().origins().forEach(origin -> name(origin, named));
        List<Finding> found = new ArrayList<>();
        Optional<Path> clear = loaded.file().filter(file -> loaded.secretInFile());
        if (clear.isPresent() && Secret.isOpenToOthersBlocking(clear.get())) {
            found.add(Finding.warning(
                    NAME,
                    clear.get() + " holds a secret in clear and can be read or written by others than its owner.",
                    "Name a file or a variable that holds it instead; until then let nobody but the daemon's user read "
                            + clear.get() + "."));
        }
        for (Map.Entry<Path, String> each : named.entrySet()) {
            problemBlocking(each.getKey(), each.getValue()).ifPresent(found::add);
        }
        if (found.isEmpty()) {
            found.add(Finding.ok(
                    NAME,
                    named.isEmpty()
                            ? "No file of a secret is named."
                            : "The files of secrets are there and their owner's alone (" + named.size() + ")."));
        }
        return found;
    }

    /** Adds each file with what names it first. */
    private static void name(OriginConfig origin, Map<Path, String> named) {
        for (OriginKey key : origin.type().keys()) {
            switch (key.kind()) {
                case SECRET ->
                    origin.settings()
                            .secret(key.name())
                            .flatMap(Secret::file)
                            .ifPresent(file -> named.putIfAbsent(file, key.name() + "_file of " + origin.id()));
                case PRIVATE_FILE ->
                    origin.settings()
                            .path(key.name())
                            .ifPresent(file -> named.putIfAbsent(file, key.name() + " of " + origin.id()));
                case TEXT, INTEGER, FLAG, DURATION, PATH, PATHS -> {} // may be known
            }
        }
    }

    private Optional<Finding> problemBlocking(Path file, String namedBy) {
        String which = file + " (" + namedBy + ") ";
        try {
            if (Files.notExists(file)) {
                return warning(which + "does not exist.", "Put it there and run chmod 600 " + file + ".");
            }
            if (Files.isDirectory(file)) {
                return warning(which + "is a directory.", "Name the file of the secret instead.");
            }
            if (!readable.test(file)) {
                return warning(
                        which + "cannot be read by this user.",
                        "Give it to the user of the daemon: chown USER " + file + " && chmod 600 " + file);
            }
            return Secret.isOpenToOthersBlocking(file)
                    ? warning(which + "can be read or written by others than its owner.", "Run: chmod 600 " + file)
                    : Optional.empty();
        } catch (IOException e) {
            return warning(which + "cannot be looked at: " + e.getMessage(), "Mend what is named there.");
        }
    }

    private static Optional<Finding> warning(String text, String remedy) {
        return Optional.of(Finding.warning(NAME, text, remedy));
    }
}
