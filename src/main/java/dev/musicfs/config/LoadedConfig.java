package dev.musicfs.config;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What loading gave.
 *
 * @param file the file that was read, if there was one
 * @param config the configuration, with the default in place of whatever was wrong
 * @param problems all that was wrong, in the order of arguments, environment and file; empty when nothing was
 * @param secretInFile whether a password or the like stands in the file in clear, which is one of the problems
 * @param sources by key the file and line, the variable or the flag that set it, of an origin of the file
 *     {@code origins.ID.key}; a key that is not in it has its default
 */
public record LoadedConfig(
        Optional<Path> file,
        MusicFsConfig config,
        List<Problem> problems,
        boolean secretInFile,
        Map<String, String> sources) {
    /** Keeps its own copies. */
    public LoadedConfig {
        problems = List.copyOf(problems);
        sources = Map.copyOf(sources);
    }

    /** The configuration; fails with {@code INVALID} and one line for each problem when there are any. */
    public MusicFsConfig orThrow() {
        if (!problems.isEmpty()) {
            throw new MusicFsException(
                    FailureKind.INVALID,
                    problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
        return config;
    }
}
