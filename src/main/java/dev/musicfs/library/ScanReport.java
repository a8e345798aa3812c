package dev.musicfs.library;

import dev.musicfs.model.OriginId;
import dev.musicfs.runtime.Clock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Shows how the scans go: one line that rewrites itself on a terminal, else a plain line every ten seconds. The end of
 * a scan is always a line of its own.
 */
public final class ScanReport implements ScanProgress {
    private static final long TERMINAL_INTERVAL_NANOS = Duration.ofMillis(200).toNanos();
    private static final long PLAIN_INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintStream out;
    private final boolean terminal;
    private final Clock clock;
    private final Map<OriginId, Run> runs = new HashMap<>();

    private static final class Run {
        final long startNanos;
        long shownNanos;

        Run(long nowNanos) {
            startNanos = nowNanos;
            shownNanos = nowNanos;
        }
    }

    public ScanReport(PrintStream out, boolean terminal, Clock clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
    }

    /** Whether standard output is a terminal; {@code System.console()} says so only of both directions together. */
    public static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public synchronized void report(Progress progress) {
        long now = clock.monotonicNanos();
        Run run = runs.computeIfAbsent(progress.origin(), id -> new Run(now));
        String line = line(progress, now - run.startNanos);
        if (progress.done()) {
            out.println((terminal ? "\r\033[K" : "") + "musicfs: scanned " + line);
            runs.remove(progress.origin());
        } else if (now - run.shownNanos >= (terminal ? TERMINAL_INTERVAL_NANOS : PLAIN_INTERVAL_NANOS)) {
            run.shownNanos = now;
            if (terminal) {
                out.print("\r\033[Kmusicfs: scanning " + line);
                out.flush();
            } else {
                out.println("musicfs: scanning " + line);
            }
        }
    }

    private static String line(Progress progress, long elapsedNanos) {
        double seconds = elapsedNanos / 1e9;
        double rate = seconds > 0 ? progress.filesSeen() / seconds : 0;
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %d files, %d new, %d unreadable, %.0f files/s",
                progress.origin(),
                progress.filesSeen(),
                progress.added(),
                progress.failed(),
                rate));
        if (!progress.done() && progress.total().isPresent() && rate > 0) {
            long left = Math.max(0, progress.total().getAsLong() - progress.filesSeen());
            line.append(String.format(Locale.ROOT, ", %.0f s left", left / rate));
        }
        return line.toString();
    }
}
