package dev.musicfs.cli;

/** What the process says at its end; they are picocli's own. A command may have others. */
final class ExitCodes {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    private ExitCodes() {}
}
