package dev.musicfs.cli;

import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.api.ReloadResult;
import dev.musicfs.control.client.RemoteConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code musicfs config reload}. */
@Command(
        name = "reload",
        description = "Has the running MusicFS read its configuration again; a bad one changes nothing.",
        mixinStandardHelpOptions = true)
final class ConfigReload implements Callable<Integer> {
    private final Console console;

    @Mixin
    private CacheOptions options = new CacheOptions();

    ConfigReload(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReloadResult result = new RemoteConfig(Daemons.of(options.cacheDir())).reloadBlocking();
        if (options.json()) {
            console.out().println(RecordJson.of(result).encode());
            return Main.DONE;
        }
        if (result.applied().isEmpty() && result.restart().isEmpty()) {
            console.out().println("musicfs: nothing has changed");
        }
        result.applied().forEach(change -> console.out().println(change + ", applied"));
        result.restart().forEach(change -> console.out().println(change + ", needs a restart"));
        return Main.DONE;
    }
}
