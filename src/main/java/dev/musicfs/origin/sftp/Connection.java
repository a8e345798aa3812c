package dev.musicfs.origin.sftp;

import dev.musicfs.origin.sftp.SftpChannel.Request;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.sftp.common.SftpException;

/**
 * One SSH connection with its one SFTP channel, shared by the calls that have it from the {@link Connections}.
 *
 * <p>After a missed deadline or a loss it is retired: no further call gets it, those that have it may finish, and then it
 * is closed. That gives up at the server what is still outstanding, and no late answer can meet a later request.
 */
final class Connection {
    private final ClientSession session;
    private final SftpChannel channel;
    private final OpenFiles files = new OpenFiles();
    private final Clock clock;
    private volatile boolean looksAtHandles = true;
    private int calls;
    private boolean retired;
    private long lastUsedNanos;

    Connection(ClientSession session, SftpChannel channel, Clock clock) {
        this.session = session;
        this.channel = channel;
        this.clock = clock;
        this.lastUsedNanos = clock.monotonicNanos();
    }

    SftpChannel channel() {
        return channel;
    }

    ClientSession session() {
        return session;
    }

    OpenFiles files() {
        return files;
    }

    /** Sends CLOSE for handles without waiting for the answers. */
    void closeFilesBlocking(List<byte[]> handles, Deadline deadline) throws IOException, TimeoutException {
        if (!handles.isEmpty()) {
            channel.sendBlocking(handles.stream().map(Requests::close).toList(), deadline);
            files.closed();
        }
    }

    /** Opens a file or directory; closes others for it where the server lets only so many be open. */
    byte[] openBlocking(Supplier<Request> open, Deadline deadline) throws IOException, TimeoutException {
        closeFilesBlocking(files.makeRoom(), deadline);
        int refusedAt = 0;
        while (true) {
            try {
                byte[] handle = channel.handle(channel.callBlocking(open.get(), deadline));
                if (refusedAt > 0) {
                    files.learn(refusedAt);
                }
                return handle;
            } catch (SftpException e) {
                if (Answers.meansAbsent(e) || Answers.meansUnsupported(e)) {
                    throw e;
                }
                OpenFiles.Refused refused = files.refused();
                if (refused.were() == 0 || !madeRoomBlocking(refused, deadline)) {
                    throw e;
                }
                refusedAt = refused.were();
            }
        }
    }

    /** False when the deadline came first. */
    private boolean madeRoomBlocking(OpenFiles.Refused refused, Deadline deadline)
            throws IOException, TimeoutException {
        closeFilesBlocking(refused.closing(), deadline);
        if (refused.turn() == null) {
            return true;
        }
        try {
            refused.turn().takeBlocking(deadline, "no file was closed in time");
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    boolean looksAtHandles() {
        return looksAtHandles;
    }

    /** The server does not know FSTAT. */
    void noHandleLooks() {
        looksAtHandles = false;
    }

    /** Takes part in it if it is fit for another call; then {@link #release} is due. */
    synchronized boolean acquire() {
        if (retired || !session.isOpen() || !channel.isOpen()) {
            return false;
        }
        calls++;
        return true;
    }

    synchronized void release() {
        lastUsedNanos = clock.monotonicNanos();
        releaseUnused();
    }

    /** The same of a call that does not count as use. */
    synchronized void releaseUnused() {
        calls--;
        closeIfDone();
    }

    long nowNanos() {
        return clock.monotonicNanos();
    }

    /** No further call gets it. */
    synchronized void retire() {
        retired = true;
        closeIfDone();
    }

    /** Retires it if no call has had it since then. @return whether it did */
    synchronized boolean retireUnusedSince(long nanos) {
        if (calls > 0 || lastUsedNanos - nanos >= 0) {
            return false;
        }
        retire();
        return true;
    }

    /** Ends it at once; the calls that have it fail. Does not wait. */
    void close() {
        synchronized (this) {
            retired = true;
        }
        session.close(true);
    }

    private void closeIfDone() {
        if (retired && calls == 0) {
            session.close(true);
        }
    }
}
