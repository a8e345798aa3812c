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

/** What one of MINA's or Vert.x's threads brings, once, to a worker that waits for it. */
final class Arrival<T> {
    private final Signal arrived;
    private volatile @Nullable T value;
    private volatile @Nullable Throwable failure;

    private static final class Signal extends DefaultSshFuture<Signal> {
        Signal(String of) {
            super(of, null);
        }
    }

    /** {@code of} is what it is called in MINA's log. */
    Arrival(String of) {
        arrived = new Signal(of);
    }

    void bring(T brought) {
        value = brought;
        arrived.setValue(true);
    }

    void fail(Throwable cause) {
        failure = cause;
        arrived.setValue(false);
    }

    /** What was brought. A {@link MusicFsException} that was brought instead is thrown as it is, all else as a loss. */
    T takeBlocking(Deadline deadline, String late) throws IOException, TimeoutException {
        awaitBlocking(arrived, deadline, late);
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
