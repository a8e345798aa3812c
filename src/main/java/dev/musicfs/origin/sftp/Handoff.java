package dev.musicfs.origin.sftp;

import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.Waits;
import dev.musicfs.runtime.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.future.DefaultSshFuture;
import org.apache.sshd.common.future.WaitableFuture;
import org.jspecify.annotations.Nullable;

/** Hands one result from a thread of MINA or Vert.x to a worker that waits for it. */
final class Handoff<T> {
    private final Signal done;
    private volatile @Nullable T value;
    private volatile @Nullable Throwable failure;

    private static final class Signal extends DefaultSshFuture<Signal> {
        Signal(String of) {
            super(of, null);
        }
    }

    /** {@code of} is what it is called in MINA's log. */
    Handoff(String of) {
        done = new Signal(of);
    }

    void complete(T result) {
        value = result;
        done.setValue(true);
    }

    void fail(Throwable cause) {
        failure = cause;
        done.setValue(false);
    }

    /** The result. A failure is thrown: a {@link MusicFsException} as it is, any other as a lost connection. */
    T takeBlocking(Deadline deadline, String late) throws IOException, TimeoutException {
        awaitBlocking(done, deadline, late);
        Throwable cause = failure;
        if (cause instanceof MusicFsException ours) {
            throw ours;
        }
        if (cause != null) {
            throw new SshException("the connection was lost", cause);
        }
        return Objects.requireNonNull(value);
    }

    /** The only place where this room waits for the network. */
    @Waits("a worker of this origin, within the deadline of its request: the SSH library's calls block")
    static void awaitBlocking(WaitableFuture future, Deadline deadline, String late)
            throws IOException, TimeoutException {
        try {
            if (!future.await(deadline.remaining())) {
                throw new TimeoutException(late);
            }
        } catch (InterruptedIOException e) {
            Thread.currentThread().interrupt();
            throw e;
        }
    }
}
