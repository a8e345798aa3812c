package dev.musicfs.cli;

import dev.musicfs.control.api.ReloadResult;
import dev.musicfs.control.client.RemoteConfig;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code musicfs config reload}. */
@Command(
        name = "reload",
        description = "Has the running MusicFS read its configuration again; a bad one changes nothing.")
final class ConfigReload extends PrintingCommand {
    ConfigReload(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        // The directory alone: what is wrong in the file is for the daemon to say.
        ReloadResult result = new RemoteConfig(Daemons.of(options().cacheDir())).reloadBlocking();
        print(result, () -> text(result));
        return ExitCodes.DONE;
    }

    private static String text(ReloadResult result) {
        List<String> lines = new ArrayList<>();
        if (result.applied().isEmpty() && result.restart().isEmpty()) {
            lines.add("musicfs: nothing has changed");
        }
        result.applied().forEach(change -> lines.add(change + ", applied"));
        result.restart().forEach(change -> lines.add(change + ", needs a restart"));
        return String.join(System.lineSeparator(), lines);
    }
}
