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
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.common.SshException;
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

    private record Piece(long offset, int length, Landing landing) {}

    private record Asked(Piece piece, Sent sent) {}

    /** What travelled in one packet, and its last request, whose answer comes last as a rule. */
    private record Batch(List<Asked> asked, Sent last) {}

    /** Puts the bytes of a range that lies within the expected version behind the position of {@code into}, which stays. */
    void readBlocking(ByteRange wanted, ByteBuffer into) throws IOException, TimeoutException {
        if (wanted.length() == 0) {
            check(channel.attributes(channel.callBlocking(Requests.stat(remote), deadline)));
            return;
        }
        OpenFile kept = connection.files().take(remote, expected);
        if (kept != null && readBlocking(kept, wanted, into)) {
            return;
        }
        byte[] handle = connection.openBlocking(() -> Requests.open(remote), deadline);
        if (!readBlocking(connection.files().add(remote, expected, handle), wanted, into)) {
            throw stale();
        }
    }

    /** False when this handle does not give the bytes of the file that is there: it is of another one, or defunct. */
    private boolean readBlocking(OpenFile file, ByteRange wanted, ByteBuffer into)
            throws IOException, TimeoutException {
        boolean good = false;
        try (Landing.Room room = new Landing.Room(into)) {
            good = fetchBlocking(file.handle(), wanted, room);
            return good;
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

    private boolean fetchBlocking(byte[] handle, ByteRange wanted, Landing.Room room)
            throws IOException, TimeoutException {
        Deque<Batch> underWay = new ArrayDeque<>();
        @Nullable Sent handleLook = null;
        @Nullable Sent pathLook = null;
        boolean whole = true;
        long next = wanted.offset();
        @Nullable SftpException refusal = null;
        while (next < wanted.end() || !underWay.isEmpty()) {
            while (next < wanted.end() && underWay.size() < 2) {
                List<Request> batch = new ArrayList<>(BATCH + 2);
                List<Piece> pieces = new ArrayList<>(BATCH);
                while (next < wanted.end() && batch.size() < BATCH) {
                    int length = (int) Math.min(PIECE_BYTES, wanted.end() - next);
                    Landing landing = new Landing(room, (int) (next - wanted.offset()), length);
                    batch.add(Requests.read(handle, next, length, landing));
                    pieces.add(new Piece(next, length, landing));
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
                underWay.add(new Batch(asked(pieces, sent), sent.get(sent.size() - 1)));
                if (sent.size() > reads) {
                    pathLook = sent.get(reads);
                    handleLook = sent.size() > reads + 1 ? sent.get(reads + 1) : null;
                }
            }
            Batch first = underWay.remove();
            // The data land without this thread: it is woken once, not for every 32 KiB.
            channel.awaitBlocking(first.last(), deadline);
            for (Asked asked : first.asked()) {
                try {
                    whole &= takeBlocking(asked, handle, wanted.offset(), room);
                } catch (SftpException e) {
                    refusal = e;
                }
            }
        }
        return judgeBlocking(handleLook, pathLook, whole, refusal);
    }

    private static List<Asked> asked(List<Piece> pieces, List<Sent> sent) {
        List<Asked> asked = new ArrayList<>(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            asked.add(new Asked(pieces.get(i), sent.get(i)));
        }
        return asked;
    }

    /** False at the end of the file. Servers may send less than was asked for; the rest is asked for again. */
    private boolean takeBlocking(Asked asked, byte[] handle, long base, Landing.Room room)
            throws IOException, TimeoutException {
        Piece piece = asked.piece();
        Landing landing = piece.landing();
        int done = 0;
        SftpResponse answer = channel.answerBlocking(asked.sent(), deadline);
        while (true) {
            if (answer.getType() == SftpConstants.SSH_FXP_STATUS) {
                SftpStatus status = SftpStatus.parse(answer);
                if (status.getStatusCode() == SftpConstants.SSH_FX_EOF) {
                    return false;
                }
                throw new SftpException(status.getStatusCode(), status.getMessage());
            }
            if (landing.landed() == 0) {
                throw new SshException("the server sent other data than was asked for");
            }
            done += landing.landed();
            if (done == piece.length()) {
                return true;
            }
            long rest = piece.offset() + done;
            landing = new Landing(room, (int) (rest - base), piece.length() - done);
            answer = channel.callBlocking(Requests.read(handle, rest, piece.length() - done, landing), deadline);
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
