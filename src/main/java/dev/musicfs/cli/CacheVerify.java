package dev.musicfs.cli;

import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.api.VerifyResult;
import dev.musicfs.runtime.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code musicfs cache verify}. Its exit codes are those of fsck(8), added up. */
@Command(
        name = "verify",
        description = "Reads every chunk and checks it.",
        footer = CacheVerify.EXIT_CODES,
        mixinStandardHelpOptions = true,
        exitCodeOnExecutionException = CacheVerify.OPERATIONAL_ERROR,
        exitCodeOnInvalidInput = CacheVerify.USAGE_ERROR)
final class CacheVerify implements Callable<Integer> {
    static final String EXIT_CODES = "Exit codes, added up: 0 no errors, 1 errors corrected, 4 errors left uncorrected,"
            + " 8 operational error, 16 usage, 32 cancelled.";
    static final int CORRECTED = 1;
    static final int UNCORRECTED = 4;
    static final int OPERATIONAL_ERROR = 8;
    static final int USAGE_ERROR = 16;
    static final int CANCELLED = 32;

    private final Console console;
    private final Caches caches;

    @Mixin
    private CacheOptions options = new CacheOptions();

    @Option(names = "--repair", description = "Remove what is damaged and put the index right.")
    private boolean repair;

    CacheVerify(Console console, Caches caches) {
        this.console = console;
        this.caches = caches;
    }

    @Override
    public Integer call() {
        return run(console, caches, options, repair);
    }

    private static int run(Console console, Caches caches, CacheOptions options, boolean repair) {
        // Closed last: a signal ends the process as soon as it is.
        try (Cancellation cancellation = Cancellation.onSignal(CANCELLED)) {
            VerifyResult result = verify(console, caches, options, repair, cancellation);
            if (options.json()) {
                console.out().println(RecordJson.of(result).encode());
            } else {
                result.problems().forEach(problem -> console.out().println("musicfs: " + problem));
                console.out().println(text(result));
            }
            console.out().flush();
            return exitCode(result);
        }
    }

    private static VerifyResult verify(
            Console console, Caches caches, CacheOptions options, boolean repair, Cancellation cancellation) {
        String what = repair ? "repairing" : "verifying";
        try (CacheMaintenance cache = caches.open(options.config());
                ProgressLine line = new ProgressLine(console.err(), Terminal.isStandardError(), Clock.system(), what)) {
            return cache.verifyBlocking(repair, cancellation::requested, options.json() ? (done, of) -> {} : line);
        }
    }

    static int exitCode(VerifyResult result) {
        return (result.corrected() > 0 ? CORRECTED : 0)
                | (result.uncorrected() > 0 ? UNCORRECTED : 0)
                | (result.cancelled() ? CANCELLED : 0);
    }

    private static String text(VerifyResult result) {
        return String.format(
                Locale.ROOT,
                "%s %,d chunks: %s",
                result.cancelled() ? "cancelled after" : "checked",
                result.checked(),
                result.corrected() + result.uncorrected() == 0
                        ? "no errors"
                        : String.format(
                                Locale.ROOT,
                                "%,d errors corrected, %,d left",
                                result.corrected(),
                                result.uncorrected()));
    }

    /** {@code musicfs cache repair}: the same with {@code --repair}. */
    @Command(
            name = "repair",
            description = "Reads every chunk, removes what is damaged and puts the index right.",
            footer = EXIT_CODES,
            mixinStandardHelpOptions = true,
            exitCodeOnExecutionException = OPERATIONAL_ERROR,
            exitCodeOnInvalidInput = USAGE_ERROR)
    static final class Repair implements Callable<Integer> {
        private final Console console;
        private final Caches caches;

        @Mixin
        private CacheOptions options = new CacheOptions();

        Repair(Console console, Caches caches) {
            this.console = console;
            this.caches = caches;
        }

        @Override
        public Integer call() {
            return run(console, caches, options, true);
        }
    }
}
