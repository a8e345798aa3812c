package dev.musicfs.cli;

import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.client.ControlClient;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command about the daemon or the cache of a configuration, which prints text or one JSON document. */
@Command(mixinStandardHelpOptions = true)
abstract class PrintingCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Spec
    private @Nullable CommandSpec spec;

    PrintingCommand(Console console) {
        this.console = console;
    }

    final Console console() {
        return console;
    }

    final CommonOptions options() {
        return options;
    }

    /** What asks the daemon of the configuration. */
    final ControlClient daemon() {
        return Daemons.of(options.config().cacheDir());
    }

    /** The record as JSON when that is asked for, else the text. */
    final void print(Record record, Supplier<String> text) {
        console.out().println(options.json() ? RecordJson.of(record).encode() : text.get());
    }

    /** The arguments do not fit: to be thrown. */
    final ParameterException usage(String message) {
        CommandSpec ours = spec;
        if (ours == null) {
            throw new IllegalStateException("picocli has not set the command's spec");
        }
        return new ParameterException(ours.commandLine(), message);
    }
}
