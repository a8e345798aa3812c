package dev.musicfs.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes picocli's objects: ours by hand, so that each gets the console, its own as it likes. */
final class Commands implements IFactory {
    private final Console console;

    Commands(Console console) {
        this.console = console;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        if (type == Mount.class) {
            return type.cast(new Mount(console));
        }
        if (type == Umount.class) {
            return type.cast(new Umount(console));
        }
        if (type == ConfigCommand.class) {
            return type.cast(new ConfigCommand());
        }
        if (type == ConfigCommand.Check.class) {
            return type.cast(new ConfigCommand.Check(console));
        }
        return type == Version.class
                ? type.cast(new Version())
                : CommandLine.defaultFactory().create(type);
    }
}
