package dev.musicfs.app;

import dev.musicfs.config.MusicFsConfig;
import java.io.PrintStream;
import java.nio.file.Path;

/** A stand-in for the composition root, so that the command line compiles before it exists. */
public final class Daemon {
    private Daemon() {}

    /**
     * What a mount was asked to do apart from its configuration.
     *
     * @param acceptRemovals whether a removal held back by the safety limit is confirmed
     */
    public record Options(boolean acceptRemovals) {}

    /** Mounts and serves until it is told to stop; gives the exit code. */
    public static int runForeground(
            MusicFsConfig config, Path mountPoint, Options options, PrintStream out, PrintStream err) {
        err.println("musicfs: this build cannot mount yet");
        return 1;
    }

    /** Prints sample paths and counts; gives the exit code. */
    public static int dryRun(MusicFsConfig config, PrintStream out) {
        out.println("musicfs: this build cannot scan yet");
        return 1;
    }
}
