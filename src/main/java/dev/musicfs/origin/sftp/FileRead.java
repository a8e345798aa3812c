package dev.musicfs.origin.sftp;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.sftp.OpenFiles.OpenFile;
import dev.musicfs.origin.sftp.SftpChannel.Request;
import dev.musicfs.origin.sftp.SftpChannel.Sent;
import dev.musicfs.runtime.Deadline;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.impl.SftpResponse;
import org.apache.sshd.sftp.client.impl.SftpStatus;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * One read of a part of a file. A file already open costs one round trip: behind the requests for the bytes the same
 * packet asks what the open file and what the path is now, so a file that was changed or replaced is noticed by the very
 * read, however long it has been open.
 */
final class FileRead {
    /** What every server has to be able to answer in one packet. */
    private static final int PIECE_BYTES = 32 << 10;

    /** Requests in one packet; two such packets may be unanswered at a time. */
    private static final int BATCH = 64;

    private final Connection connection;
    private final SftpChannel channel;
    private final OriginId id;
    private final RealPath path;
    private final String remote;
    private final FileVersion expected;
    private final Deadline deadline;

    FileRead(
            Connection connection, OriginId id, RealPath path, String remote, FileVersion expected, Deadline deadline) {
        this.connection = connection;
        this.channel = connection.channel();
        this.id = id;
        this.path = path;
        this.remote = remote;
        this.expected = expected;
        this.deadline = deadline;
    }

    private record Piece(long offset, int length, Sent sent) {}

    /** The bytes of a range that lies within the expected version. */
    byte[] readBlocking(ByteRange wanted) throws IOException, TimeoutException {
        if (wanted.length() == 0) {
            check(channel.attributes(channel.callBlocking(Requests.stat(remote), deadline)));
            return new byte[0];
        }
        OpenFile kept = connection.files().take(remote, expected);
        if (kept != null) {
            byte[] bytes = readBlocking(kept, wanted);
            if (bytes != null) {
                return bytes;
            }
        }
        byte[] handle = connection.openBlocking(() -> Requests.open(remote), deadline);
        byte[] bytes = readBlocking(connection.files().add(remote, expected, handle), wanted);
        if (bytes == null) {
            throw stale();
        }
        return bytes;
    }

    /** Null when this handle does not give the bytes of the file that is there: it is of another one, or defunct. */
    private byte @Nullable [] readBlocking(OpenFile file, ByteRange wanted) throws IOException, TimeoutException {
        boolean good = false;
        try {
            byte[] bytes = fetchBlocking(file.handle(), wanted);
            good = bytes != null;
            return bytes;
        } finally {
            // Without FSTAT nobody can tell later whether it is still the file that is there.
            if (!good || !connection.looksAtHandles()) {
                connection.files().forget(file);
            }
            List<byte[]> unused = connection.files().giveBack(file, connection.nowNanos());
            if (channel.isOpen()) {
                connection.closeFilesBlocking(unused, deadline);
            }
        }
    }

    private byte @Nullable [] fetchBlocking(byte[] handle, ByteRange wanted) throws IOException, TimeoutException {
        byte[] bytes = new byte[(int) wanted.length()];
        Deque<List<Piece>> underWay = new ArrayDeque<>();
        @Nullable Sent handleLook = null;
        @Nullable Sent pathLook = null;
        boolean whole = true;
        long next = wanted.offset();
        @Nullable SftpException refusal = null;
        while (next < wanted.end() || !underWay.isEmpty()) {
            while (next < wanted.end() && underWay.size() < 2) {
                List<Request> batch = new ArrayList<>(BATCH + 2);
                long from = next;
                while (next < wanted.end() && batch.size() < BATCH) {
                    int length = (int) Math.min(PIECE_BYTES, wanted.end() - next);
                    batch.add(Requests.read(handle, next, length));
                    next += length;
                }
                int reads = batch.size();
                if (next == wanted.end()) {
                    batch.add(Requests.stat(remote));
                    if (connection.looksAtHandles()) {
                        batch.add(Requests.statHandle(handle));
                    }
                }
                List<Sent> sent = channel.sendBlocking(batch, deadline);
                underWay.add(pieces(sent.subList(0, reads), from, next));
                if (sent.size() > reads) {
                    pathLook = sent.get(reads);
                    handleLook = sent.size() > reads + 1 ? sent.get(reads + 1) : null;
                }
            }
            for (Piece piece : underWay.remove()) {
                try {
                    whole &= takeBlocking(piece, handle, bytes, wanted.offset());
                } catch (SftpException e) {
                    refusal = e;
                }
            }
        }
        return judgeBlocking(handleLook, pathLook, whole, refusal) ? bytes : null;
    }

    private static List<Piece> pieces(List<Sent> sent, long from, long end) {
        List<Piece> pieces = new ArrayList<>(sent.size());
        long at = from;
        for (Sent one : sent) {
            int length = (int) Math.min(PIECE_BYTES, end - at);
            pieces.add(new Piece(at, length, one));
            at += length;
        }
        return pieces;
    }

    /** False at the end of the file. Servers may send less than was asked for; the rest is asked for again. */
    private boolean takeBlocking(Piece piece, byte[] handle, byte[] into, long base)
            throws IOException, TimeoutException {
        int done = 0;
        SftpResponse answer = channel.answerBlocking(piece.sent(), deadline);
        while (true) {
            if (answer.getType() == SftpConstants.SSH_FXP_STATUS) {
                SftpStatus status = SftpStatus.parse(answer);
                if (status.getStatusCode() == SftpConstants.SSH_FX_EOF) {
                    return false;
                }
                throw new SftpException(status.getStatusCode(), status.getMessage());
            }
            Buffer data = answer.getBuffer();
            int length = answer.getType() == SftpConstants.SSH_FXP_DATA ? data.getInt() : 0;
            if (length <= 0 || length > piece.length() - done || length > data.available()) {
                throw new SshException("the server sent other data than was asked for");
            }
            data.getRawBytes(into, (int) (piece.offset() - base) + done, length);
            done += length;
            if (done == piece.length()) {
                return true;
            }
            answer =
                    channel.callBlocking(Requests.read(handle, piece.offset() + done, piece.length() - done), deadline);
        }
    }

    /** Whether the bytes are those of the expected version. What is at the path counts before what the handle says. */
    private boolean judgeBlocking(
            @Nullable Sent handleLook, @Nullable Sent pathLook, boolean whole, @Nullable SftpException refusal)
            throws IOException, TimeoutException {
        if (pathLook == null) {
            throw new IllegalStateException("nothing was read");
        }
        check(channel.attributes(channel.answerBlocking(pathLook, deadline)));
        if (handleLook != null && !isExpectedBlocking(handleLook)) {
            return false;
        }
        if (refusal != null) {
            throw refusal;
        }
        return whole;
    }

    private boolean isExpectedBlocking(Sent handleLook) throws IOException, TimeoutException {
        try {
            return Answers.version(channel.attributes(channel.answerBlocking(handleLook, deadline)))
                    .equals(expected);
        } catch (SftpException e) {
            if (Answers.meansUnsupported(e)) {
                connection.noHandleLooks();
                return true;
            }
            // The handle is defunct.
            return false;
        }
    }

    private void check(Attributes now) {
        if (now.isDirectory()) {
            throw new MusicFsException(FailureKind.INVALID, "A directory cannot be read: " + path);
        }
        if (!Answers.version(now).equals(expected)) {
            throw stale();
        }
    }

    private MusicFsException stale() {
        return new MusicFsException(FailureKind.STALE, "Changed on origin " + id + " since it was looked at: " + path);
    }
}
