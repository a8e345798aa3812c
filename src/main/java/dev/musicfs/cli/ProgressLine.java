package dev.musicfs.cli;

import dev.musicfs.control.api.Progress;
import dev.musicfs.runtime.Clock;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Shows how far long work is: a bar that rewrites itself on a terminal, else a plain line every five seconds. */
final class ProgressLine implements Progress, AutoCloseable {
    private static final long TERMINAL_INTERVAL_NANOS = Duration.ofMillis(200).toNanos();
    private static final long PLAIN_INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int BAR_LETTERS = 30;
    private static final String ERASE = PrintableStream.ERASE;

    private final PrintStream err;
    private final boolean terminal;
    private final Clock clock;
    private final String what;
    private long shownNanos;
    private boolean drawn;

    /** {@code what} is in front of the numbers, such as {@code verifying}. */
    ProgressLine(PrintStream err, boolean terminal, Clock clock, String what) {
        this.err = err;
        this.terminal = terminal;
        this.clock = clock;
        this.what = what;
        this.shownNanos = clock.monotonicNanos();
    }

    @Override
    public synchronized void reached(long done, long of) {
        long now = clock.monotonicNanos();
        if (now - shownNanos < (terminal ? TERMINAL_INTERVAL_NANOS : PLAIN_INTERVAL_NANOS)) {
            return;
        }
        shownNanos = now;
        double share = of > 0 ? Math.min(1, (double) done / of) : 0;
        String numbers = of > 0
                ? String.format(
                        Locale.ROOT, "%,d of %,d chunks (%.0f %%)", done, of, 100 * Math.floor(100 * share) / 100)
                : String.format(Locale.ROOT, "%,d chunks", done);
        if (terminal) {
            int full = (int) (BAR_LETTERS * share);
            drawn = true;
            err.print(ERASE + what + " [" + "#".repeat(full) + " ".repeat(BAR_LETTERS - full) + "] " + numbers);
            err.flush();
        } else {
            err.println("musicfs: " + what + " " + numbers);
        }
    }

    /** Leaves an empty line behind. */
    @Override
    public synchronized void close() {
        if (drawn) {
            err.print(ERASE);
            err.flush();
            drawn = false;
        }
    }
}
