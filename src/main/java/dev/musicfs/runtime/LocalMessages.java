package dev.musicfs.runtime;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;

/**
 * Requests and replies between the rooms of one process: objects travel over the event bus by reference, and a failure
 * keeps its {@link FailureKind}.
 */
public final class LocalMessages {
    private static final String CODEC = "musicfs.reference";
    /** Between kind and message of a failure. */
    private static final char SEPARATOR = '\n';

    private LocalMessages() {}

    /** To be called once for every {@link Vertx}, before the first message. */
    public static void register(Vertx vertx) {
        vertx.eventBus().registerCodec(new ReferenceCodec());
    }

    /** How to send a reply. */
    public static DeliveryOptions reply() {
        return new DeliveryOptions().setCodecName(CODEC).setLocalOnly(true);
    }

    /** How to send a request that waits this long for its reply, at least a millisecond. */
    public static DeliveryOptions request(Duration patience) {
        return reply().setSendTimeout(Math.max(1, patience.toMillis()));
    }

    /** Answers a request with a failure. */
    public static void fail(Message<?> request, Throwable failure) {
        MusicFsException ours = MusicFsException.wrap("The request to " + request.address() + " failed", failure);
        request.fail(0, ours.kind().name() + SEPARATOR + ours.getMessage());
    }

    /** The failure that a request's future reported. */
    public static MusicFsException failure(String address, Throwable failure) {
        if (!(failure instanceof ReplyException reply)) {
            return MusicFsException.wrap("The request to " + address + " failed", failure);
        }
        if (reply.failureType() == ReplyFailure.TIMEOUT) {
            return new MusicFsException(FailureKind.TIMEOUT, "No reply from " + address + " within the deadline.");
        }
        if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
            return new MusicFsException(FailureKind.UNAVAILABLE, "Nobody answers " + address + " at present.");
        }
        String text = reply.getMessage() == null ? "" : reply.getMessage();
        int end = text.indexOf(SEPARATOR);
        return end < 0
                ? new MusicFsException(FailureKind.INTERNAL, "The request to " + address + " failed: " + text)
                : new MusicFsException(FailureKind.valueOf(text.substring(0, end)), text.substring(end + 1));
    }

    /** Hands the same object to the receiver. */
    private static final class ReferenceCodec implements MessageCodec<Object, Object> {
        @Override
        public void encodeToWire(Buffer buffer, Object object) {
            throw new UnsupportedOperationException("local messages do not leave the process");
        }

        @Override
        public Object decodeFromWire(int position, Buffer buffer) {
            throw new UnsupportedOperationException("local messages do not leave the process");
        }

        @Override
        public Object transform(Object object) {
            return object;
        }

        @Override
        public String name() {
            return CODEC;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
