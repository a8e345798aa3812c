package dev.musicfs.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Parts of a program that stop in the reverse of the order in which they were pushed, each in a phase of its own. A
 * {@linkplain #section section} is a stack with a fixed place in this one, for parts that are started later than what
 * stands above them. Pushing and stopping are for one thread at a time; a caller with several threads holds a lock.
 */
public final class LifecycleStack {
    private final List<Consumer<Shutdown>> parts = new ArrayList<>();

    /**
     * Adds a part that has been started.
     *
     * @param what as in "Stopped WHAT in 3 ms."
     * @param stopBlocking stops it within the time it is given
     */
    public void push(String what, Consumer<Duration> stopBlocking) {
        push(what, Duration.ZERO, stopBlocking);
    }

    /** The same for a part that gets {@code least} also when those before it took all the time there was. */
    public void push(String what, Duration least, Consumer<Duration> stopBlocking) {
        parts.add(end -> end.phase(what, least, stopBlocking));
    }

    /** A stack whose parts stop after those pushed here from now on, and before those pushed here so far. */
    public LifecycleStack section() {
        LifecycleStack section = new LifecycleStack();
        parts.add(section::stopBlocking);
        return section;
    }

    /** Stops every part, the one pushed last first, and forgets it; a failure of one stops no other. */
    public void stopBlocking(Shutdown end) {
        while (!parts.isEmpty()) {
            parts.remove(parts.size() - 1).accept(end);
        }
    }
}
