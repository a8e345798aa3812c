package dev.musicfs.vfs;

import dev.musicfs.runtime.Deadline;
import java.time.Duration;

/** The way from a thread that may wait to what answers on the event bus. */
@FunctionalInterface
public interface Waiter {
    /**
     * Sends a request and waits for the reply, no longer than the deadline. Fails with the answerer's failure,
     * {@code TIMEOUT} at the deadline, or {@code UNAVAILABLE} when nobody answers.
     */
    <T> T await(String address, Object request, Class<T> replyType, Deadline deadline);

    /** When the patience of this thread's request ends; what it has already waited for its turn is taken off. */
    default Deadline deadline(Duration patience) {
        return Deadline.in(patience);
    }
}
