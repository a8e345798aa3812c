package dev.musicfs.cli;

import dev.musicfs.config.ConfigLoader;
import dev.musicfs.config.ConfigLoader.Flag;
import dev.musicfs.config.ConfigLoader.Flags;
import dev.musicfs.config.LoadedConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.Problem;
import dev.musicfs.origin.registry.Backends;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command about the daemon or the cache of a configuration takes. */
final class CommonOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration, in place of the usual ones.")
    private @Nullable Path file;

    @Option(names = "--cache-dir", paramLabel = "DIR", description = "The directory of the cache.")
    private @Nullable String cacheDir;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    boolean json() {
        return json;
    }

    /** The directory alone, for commands that are there for a file that is not good, too. */
    Path cacheDir() {
        return loaded().config().cacheDir();
    }

    MusicFsConfig config() {
        return loaded().orThrow();
    }

    /** With whatever is wrong in the file. */
    LoadedConfig loaded() {
        Map<String, Flag> flags = cacheDir == null ? Map.of() : Map.of("cache_dir", new Flag("--cache-dir", cacheDir));
        LoadedConfig loaded =
                new ConfigLoader(Backends.types()).load(Optional.ofNullable(file), new Flags(flags, List.of()));
        List<String> ours = loaded.problems().stream()
                .filter(Problem::inArguments)
                .map(Problem::toString)
                .toList();
        CommandSpec command = spec;
        if (!ours.isEmpty() && command != null) {
            throw new ParameterException(command.commandLine(), String.join("\nmusicfs: ", ours));
        }
        return loaded;
    }
}
