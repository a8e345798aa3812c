package dev.musicfs.chaos;

import java.util.concurrent.TimeUnit;

/** Programs that keep databases of music. */
final class Consumers {
    private static final long PATIENCE_SECONDS = 10;

    private Consumers() {}

    /** Asks it to end, and then makes it. One that waits for a dead file in the kernel would stay: that is a failure. */
    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    && !process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("process " + process.pid() + " cannot be ended: it hangs in the kernel");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
