package dev.musicfs.vfs;

import dev.musicfs.runtime.Deadline;

/** The way from a thread that may wait to what answers on the event bus. */
@FunctionalInterface
public interface Waiter {
    /**
     * Sends a request and waits for the reply, no longer than the deadline. Fails with the answerer's failure,
     * {@code TIMEOUT} at the deadline, or {@code UNAVAILABLE} when too many wait already or nobody answers.
     */
    <T> T await(String address, Object request, Class<T> replyType, Deadline deadline);
}
