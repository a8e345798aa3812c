package dev.musicfs.cli;

/** What the process says at its end; they are picocli's own. A command may have others. */
final class ExitCodes {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    /** Over the codes of a command that has its own. */
    static final String HEADING = "Exit codes:%n";

    static final String USAGE_TEXT = "2:the arguments make no sense";

    private ExitCodes() {}
}
