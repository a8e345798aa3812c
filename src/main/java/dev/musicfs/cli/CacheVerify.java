package dev.musicfs.cli;

import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.control.api.VerifyResult;
import dev.musicfs.runtime.Clock;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code musicfs cache verify} and {@code repair}. Their exit codes are those of fsck(8), added up. */
@Command(
        exitCodeListHeading = "Exit codes, added up:%n",
        exitCodeList = {
            "0:no errors",
            "1:errors corrected",
            "4:errors left uncorrected",
            "8:it could not be done",
            "16:the arguments make no sense",
            "32:cancelled by a signal"
        },
        exitCodeOnExecutionException = CacheVerify.OPERATIONAL_ERROR,
        exitCodeOnInvalidInput = CacheVerify.USAGE_ERROR)
abstract class CacheVerify extends PrintingCommand {
    static final int CORRECTED = 1;
    static final int UNCORRECTED = 4;
    static final int OPERATIONAL_ERROR = 8;
    static final int USAGE_ERROR = 16;
    static final int CANCELLED = 32;

    private final Caches caches;

    private CacheVerify(Console console, Caches caches) {
        super(console);
        this.caches = caches;
    }

    /** {@code musicfs cache verify}. */
    @Command(name = "verify", description = "Reads every chunk and checks it.")
    static final class Verify extends CacheVerify {
        @Option(names = "--repair", description = "Remove what is damaged and put the index right.")
        private boolean repair;

        Verify(Console console, Caches caches) {
            super(console, caches);
        }

        @Override
        boolean repairs() {
            return repair;
        }
    }

    /** {@code musicfs cache repair}: the same with {@code --repair}. */
    @Command(name = "repair", description = "Reads every chunk, removes what is damaged and puts the index right.")
    static final class Repair extends CacheVerify {
        Repair(Console console, Caches caches) {
            super(console, caches);
        }

        @Override
        boolean repairs() {
            return true;
        }
    }

    abstract boolean repairs();

    @Override
    public Integer call() {
        // Closed last: a signal ends the process as soon as it is.
        try (Cancellation cancellation = Cancellation.onSignal(CANCELLED)) {
            VerifyResult result = verify(cancellation);
            if (!options().json()) {
                result.problems().forEach(problem -> console().out().println("musicfs: " + problem));
            }
            print(result, () -> text(result));
            console().out().flush();
            return exitCode(result);
        }
    }

    private VerifyResult verify(Cancellation cancellation) {
        String what = repairs() ? "repairing" : "verifying";
        try (CacheMaintenance cache = caches.open(options().config());
                ProgressLine line =
                        new ProgressLine(console().err(), Terminal.isStandardError(), Clock.system(), what)) {
            return cache.verifyBlocking(
                    repairs(), cancellation::requested, options().json() ? (done, of) -> {} : line);
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
}
