package dev.musicfs.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code musicfs cache}. */
@Command(
        name = "cache",
        description = "Looks at the cache and looks after it, whether its MusicFS is running or not.",
        mixinStandardHelpOptions = true,
        subcommands = {
            CacheStatsCommand.class,
            CacheVerify.class,
            CacheVerify.Repair.class,
            CacheClear.class,
            CachePin.class,
            CachePin.Unpin.class,
            CachePins.class
        })
final class CacheCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec ours = spec;
        if (ours != null) {
            throw new ParameterException(
                    ours.commandLine(), "a command is missing: cache stats, verify, repair, clear, pin, unpin or pins");
        }
    }
}
