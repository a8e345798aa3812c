package dev.musicfs.cli;

import dev.musicfs.failure.Attended;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGINT and SIGTERM into a request to stop, and into an exit code: the JVM would end in the middle and with 128 and
 * the signal's number.
 */
@Attended(threads = "the hook the JVM waits for")
final class Cancellation implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean requested;

    private Cancellation(int exitCode) {
        hook = new Thread(
                () -> {
                    requested = true;
                    awaitEnd();
                    Runtime.getRuntime().halt(exitCode);
                },
                "musicfs-cancel");
    }

    /** From now on until it is closed, a signal makes {@link #requested} true and the process end with this code. */
    static Cancellation onSignal(int exitCode) {
        Cancellation cancellation = new Cancellation(exitCode);
        Runtime.getRuntime().addShutdownHook(cancellation.hook);
        return cancellation;
    }

    boolean requested() {
        return requested;
    }

    private void awaitEnd() {
        try {
            var unused = ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs already, and waits for this.
        }
        ended.countDown();
    }
}
