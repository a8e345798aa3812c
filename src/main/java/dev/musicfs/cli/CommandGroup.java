package dev.musicfs.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only has others below it; by itself it says which. */
@Command(mixinStandardHelpOptions = true)
abstract class CommandGroup implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec ours = spec;
        if (ours == null) {
            throw new IllegalStateException("picocli has not set the command's spec");
        }
        List<String> names = new ArrayList<>(ours.subcommands().keySet());
        String last = names.remove(names.size() - 1);
        throw new ParameterException(
                ours.commandLine(),
                "a command is missing: " + ours.name() + " " + String.join(", ", names) + " or " + last);
    }
}
