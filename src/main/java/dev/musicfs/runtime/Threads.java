package dev.musicfs.runtime;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;

/** Begins threads, and has a sentence for when the system gives none. */
@Attended(threads = "what most others use")
public final class Threads {
    private Threads() {}

    /**
     * Begins a daemon thread.
     *
     * @throws MusicFsException {@code UNAVAILABLE} when the system gives no further thread; nothing was begun then
     */
    public static Thread begin(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // so the virtual machine calls it
            throw noneFor(name, e);
        }
        return thread;
    }

    /** What to say when the system gave no thread, which the virtual machine calls out of memory. */
    static MusicFsException noneFor(String name, OutOfMemoryError e) {
        return new MusicFsException(
                FailureKind.UNAVAILABLE,
                "The system gives no thread for " + name + "; raise the limit of tasks (TasksMax=, ulimit -u).",
                e);
    }
}
