package dev.musicfs.process;

import dev.musicfs.failure.Attended;
import java.time.Duration;
import java.util.function.Supplier;

/** The life of a daemon's process: it begins, serves until a signal or somebody's {@code umount} ends it, and stops. */
@Attended(threads = "the hook the JVM waits for")
public final class Foreground {
    private static final int STOPPED_WELL = 0;

    private Foreground() {}

    /** What the process is there for. */
    public interface Served extends Stopping.Stoppable {
        /** Serves until it is told to stop or ends by itself; false when it was lost. Blocks. */
        boolean serve();

        /** Ends it within {@code drain}; a second caller waits for the first. Blocks, throws nothing. */
        void stop(Duration drain);
    }

    /**
     * Blocks until it is over; gives what {@link Served#serve} gave. Signals are handled from before it begins.
     *
     * @param drain how long an end may take
     * @param reload what SIGHUP does; returns at once
     * @param begin begins it, or throws with one sentence for the user
     */
    public static boolean runBlocking(Duration drain, Runnable reload, Supplier<? extends Served> begin) {
        Stopping stopping = new Stopping(drain);
        Signals.handle(stopping::signalled, "TERM", "INT");
        Signals.handle(number -> reload.run(), "HUP");
        Served served = begin.get();
        Thread hook = new Thread(
                () -> {
                    served.stop(drain);
                    // The JVM would end with 128 + the signal's number; a daemon that stops when told to has succeeded.
                    Runtime.getRuntime().halt(STOPPED_WELL);
                },
                "musicfs-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            stopping.serves(served);
            return served.serve();
        } finally {
            served.stop(drain);
            forget(hook);
        }
    }

    // Left in place, it would turn the exit code of whatever went wrong into that of a proper end.
    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs already: the process was told to end, and the exit code is its business.
        }
    }
}
