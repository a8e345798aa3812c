package dev.musicfs.origin.sftp;

import dev.musicfs.runtime.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.SftpErrorDataHandler;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;
import org.apache.sshd.sftp.client.impl.SftpResponse;
import org.apache.sshd.sftp.common.SftpConstants;
import org.jspecify.annotations.Nullable;

/**
 * SFTP version 3 on one channel, many requests at a time, for any threads.
 *
 * <p>MINA's own {@code send} and {@code receive} forget a request whose answer did not come in time, and close the session
 * when the answer comes after all. Here an answer is waited for under its id until it is there, wanted or not, and the
 * requests of a batch travel in one packet. Names are bytes, each one character (ISO 8859-1).
 */
final class SftpChannel extends DefaultSftpClient {
    private static final AttributeKey<Boolean> SPOKE = new AttributeKey<>();
    private static final int LONGEST_GREETING = 120;
    /** Its length, its type, its id. */
    private static final int ANSWER_HEADER_BYTES = 9;

    private final Map<Integer, Waiter> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger(1000);
    private final ReentrantLock writing = new ReentrantLock();
    private @Nullable IoWriteFuture lastWrite;

    /** One request: its command, what follows its id, and where the data of its answer go, if it has any. */
    record Request(int command, Buffer body, @Nullable Landing landing) {
        Request(int command, Buffer body) {
            this(command, body, null);
        }
    }

    private record Waiter(Handoff<Buffer> answer, @Nullable Landing landing) {}

    /** A request that was sent. */
    record Sent(int command, Handoff<Buffer> answer) {}

    /** Opens the channel on a session that is logged in, waiting as long as that session's property says. */
    SftpChannel(ClientSession session) throws IOException {
        super(session, SftpVersionSelector.fixedVersionSelector(SftpConstants.SFTP_V3), SftpErrorDataHandler.EMPTY);
        setNameDecodingCharset(StandardCharsets.ISO_8859_1);
        getClientChannel().addCloseFutureListener(closed -> failAll());
    }

    /** How many requests have no answer yet, those nobody waits for any more among them. */
    int unanswered() {
        return waiting.size();
    }

    /** Sends the requests in one go; they are answered in any order. */
    List<Sent> sendBlocking(List<Request> requests, Deadline deadline) throws IOException, TimeoutException {
        List<Sent> sent = new ArrayList<>(requests.size());
        Buffer packet = new ByteArrayBuffer(requests.size() * 64, false);
        for (Request request : requests) {
            int id = lastId.incrementAndGet();
            Handoff<Buffer> answer = new Handoff<>("answer " + id);
            waiting.put(id, new Waiter(answer, request.landing()));
            sent.add(new Sent(request.command(), answer));
            packet.putUInt(1L + Integer.BYTES + request.body().available());
            packet.putByte((byte) request.command());
            packet.putInt(id);
            packet.putBuffer(request.body());
        }
        writeBlocking(packet, deadline);
        return sent;
    }

    /** The answer to a request. A caller whose deadline is over closes the whole connection, see {@link Connection}. */
    SftpResponse answerBlocking(Sent sent, Deadline deadline) throws IOException, TimeoutException {
        return SftpResponse.parse(sent.command(), sent.answer().takeBlocking(deadline, "no answer in time"));
    }

    /** Waits for the answer to a request, as {@link #answerBlocking} does, and leaves it there. */
    void awaitBlocking(Sent sent, Deadline deadline) throws IOException, TimeoutException {
        Buffer unused = sent.answer().takeBlocking(deadline, "no answer in time");
    }

    /** One request and its answer. */
    SftpResponse callBlocking(Request request, Deadline deadline) throws IOException, TimeoutException {
        return answerBlocking(sendBlocking(List.of(request), deadline).get(0), deadline);
    }

    /** What an answer to STAT or FSTAT says; a refusal is thrown. */
    Attributes attributes(SftpResponse answer) throws IOException {
        return checkAttributesResponse(answer);
    }

    /** What an answer to OPEN or OPENDIR says. */
    byte[] handle(SftpResponse answer) throws IOException {
        return checkHandleResponse(answer);
    }

    /** The entries in an answer to READDIR; null at the end of the directory. */
    @Nullable
    List<DirEntry> entries(SftpResponse answer) throws IOException {
        return checkDirResponse(answer, new AtomicReference<>());
    }

    /** The name in an answer to REALPATH or READLINK. */
    String name(SftpResponse answer) throws IOException {
        return checkOneNameResponse(answer);
    }

    // On MINA's thread, while the superclass opens the channel, so this object's own fields are not there yet.
    @Override
    protected int data(byte[] bytes, int start, int length) throws IOException {
        if (getVersion() == 0) {
            refuseGreeting(bytes, start, length);
        }
        return super.data(bytes, start, length);
    }

    /** Text in place of the first packet, whose length would begin with a zero: what a shell prints before the server runs. */
    private void refuseGreeting(byte[] bytes, int start, int length) throws IOException {
        boolean first = getClientSession().setAttribute(SPOKE, true) == null;
        if (!first || length == 0 || bytes[start] == 0) {
            return;
        }
        String text = new String(bytes, start, Math.min(length, LONGEST_GREETING), StandardCharsets.UTF_8)
                .replaceAll("[\\s\\p{Cntrl}]+", " ")
                .strip();
        ConnectAttempt attempt = ConnectAttempt.of(getClientSession());
        if (attempt != null) {
            attempt.refuse(
                    "the server prints \"" + text + "\" where SFTP should begin, perhaps from a start-up file of the"
                            + " user's shell such as .bashrc, which must print nothing when there is no terminal; or set"
                            + " \"Subsystem sftp internal-sftp\" in its sshd_config");
        }
        throw new IOException("the server does not speak SFTP");
    }

    // On MINA's thread. While the superclass opens the channel this object is not made yet, and the answer is its own.
    @Override
    protected void process(Buffer incoming) throws IOException {
        if (getVersion() == 0) {
            super.process(incoming);
            return;
        }
        int start = incoming.rpos();
        incoming.getInt();
        int type = incoming.getUByte();
        int id = incoming.getInt();
        Waiter waiter = waiting.remove(id);
        if (waiter == null) {
            throw new IOException("the server answered a request that was never sent");
        }
        Landing landing = waiter.landing();
        if (landing != null && type == SftpConstants.SSH_FXP_DATA && landing.take(incoming)) {
            waiter.answer().complete(withoutData(type, id));
            return;
        }
        incoming.rpos(start);
        Buffer answer = new ByteArrayBuffer(incoming.available(), false);
        answer.putBuffer(incoming);
        waiter.answer().complete(answer);
    }

    private static Buffer withoutData(int type, int id) {
        Buffer answer = new ByteArrayBuffer(ANSWER_HEADER_BYTES, false);
        answer.putUInt(1L + Integer.BYTES);
        answer.putByte((byte) type);
        answer.putInt(id);
        return answer;
    }

    private void writeBlocking(Buffer packet, Deadline deadline) throws IOException, TimeoutException {
        try {
            if (!writing.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException("the connection takes no more requests");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the connection");
        }
        try {
            // MINA refuses a write while the one before is under way.
            if (lastWrite != null) {
                Handoff.awaitBlocking(lastWrite, deadline, "the connection takes no more requests");
            }
            if (isClosing() || !isOpen()) {
                throw new SshException("the connection was lost");
            }
            lastWrite = getClientChannel().getAsyncIn().writeBuffer(packet);
        } finally {
            writing.unlock();
            if (isClosing() || !isOpen()) {
                failAll();
            }
        }
    }

    private void failAll() {
        for (Integer id : List.copyOf(waiting.keySet())) {
            Waiter waiter = waiting.remove(id);
            if (waiter != null) {
                waiter.answer().fail(new SshException("the channel was closed"));
            }
        }
    }
}
