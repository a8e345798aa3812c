package dev.musicfs.cli;

import picocli.CommandLine.Command;

/** {@code musicfs cache}. */
@Command(
        name = "cache",
        description = "Looks at the cache and looks after it, whether its MusicFS is running or not.",
        subcommands = {
            CacheStatsCommand.class,
            CacheVerify.Verify.class,
            CacheVerify.Repair.class,
            CacheClear.class,
            CachePin.Pin.class,
            CachePin.Unpin.class,
            CachePins.class
        })
final class CacheCommand extends CommandGroup {}
