package dev.musicfs.cli;

import dev.musicfs.config.ConfigLoader;
import dev.musicfs.config.ConfigLoader.Flags;
import dev.musicfs.config.LoadedConfig;
import dev.musicfs.origin.registry.Backends;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code musicfs config}. */
@Command(
        name = "config",
        description = "Looks at the configuration, and has it read again.",
        subcommands = {ConfigCommand.Check.class, ConfigReload.class})
final class ConfigCommand extends CommandGroup {
    /** {@code musicfs config check}. */
    @Command(
            name = "check",
            description = "Reads file and environment and names everything that is wrong with them.",
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {
        private final Console console;

        @Option(
                names = {"-c", "--config"},
                paramLabel = "FILE",
                description = "The file, in place of the usual ones.")
        private @Nullable Path file;

        Check(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            LoadedConfig loaded = new ConfigLoader(Backends.types()).load(Optional.ofNullable(file), Flags.NONE);
            var unused = loaded.orThrow();
            console.out().println(loaded.file().map(Path::toString).orElse("no file, all defaults") + ": good");
            return ExitCodes.DONE;
        }
    }
}
