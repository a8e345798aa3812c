package dev.musicfs.runtime;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Waits;
import java.util.concurrent.CompletableFuture;

/**
 * A daemon thread that is begun while there still are threads to be had and waits for the one thing that has to be done
 * on a thread of its own later, whatever the system is out of by then. For any thread.
 */
@Attended(threads = "does one thing for its maker")
public final class StandbyThread {
    private final CompletableFuture<Runnable> given = new CompletableFuture<>();

    /** Begins it; fails as {@link Threads#begin}. */
    @Waits("its own thread, which is there to wait")
    public StandbyThread(String name) {
        Threads.begin(name, () -> given.join().run());
    }

    /** Does this on it; false, and it is not done, when something was given before. */
    public boolean run(Runnable work) {
        return given.complete(work);
    }
}
