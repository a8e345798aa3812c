package dev.musicfs.fuse.device;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.protocol.FuseRequest;
import dev.musicfs.fuse.protocol.Negotiation;
import dev.musicfs.fuse.protocol.Opcode;
import dev.musicfs.runtime.Deadline;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a request: those about the connection itself are answered here, everything else by the handler, and
 * whatever it leaves unanswered is kept until its deadline. For the threads of the loop.
 */
final class RequestDispatch {
    private static final Logger log = LoggerFactory.getLogger(RequestDispatch.class);

    private final LoopSettings settings;
    private final LongSupplier clock;
    private final RequestHandler handler;
    private final WaitingReplies waiting = new WaitingReplies();
    private final Consumer<FuseReply> onAnswered = waiting::remove;
    private final RequestCounts counts = new RequestCounts();
    private final ReplySink sink;
    private final Set<RequestThread> threads = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile boolean leaving;

    RequestDispatch(Device device, LoopSettings settings, RequestHandler handler, Consumer<Throwable> defects) {
        this.settings = settings;
        this.clock = settings.clock()::monotonicNanos;
        this.handler = handler;
        this.sink = new ReplySink(device, new ReplyBuffers(), defects);
    }

    /** Whether a request is one of those that are done in no time, and that nobody waits for. */
    static boolean isBrief(ByteBuffer buffer, int length) {
        Opcode opcode = length < FuseRequest.HEADER_BYTES ? null : Opcode.of(FuseRequest.opcodeOf(buffer));
        return opcode != null && !opcode.wantsReply();
    }

    CompletableFuture<Void> ready() {
        return ready;
    }

    void leave() {
        leaving = true;
    }

    void add(RequestThread thread) {
        threads.add(thread);
    }

    void remove(RequestThread thread) {
        threads.remove(thread);
    }

    int waitingCount() {
        return waiting.count();
    }

    Map<String, Long> callCounts() {
        return counts.snapshot();
    }

    ReplyBuffers buffers() {
        return sink.buffers();
    }

    /** Handles what has come into the thread's buffer. Throws nothing. */
    void handle(RequestThread own, int length, boolean mayBlock) {
        ByteBuffer buffer = own.buffer();
        if (length < FuseRequest.HEADER_BYTES) { // there is not even a number that an answer could carry
            counts.count(null);
            sink.report(
                    new MusicFsException(FailureKind.INTERNAL, "A request of the kernel has " + length + " bytes."));
            return;
        }
        Opcode opcode = Opcode.of(FuseRequest.opcodeOf(buffer));
        counts.count(opcode);
        boolean wanted = opcode == null || opcode.wantsReply();
        Deadline deadline = Deadline.in(settings.patience(), clock);
        FuseReply reply = new FuseReply(sink, onAnswered, FuseRequest.uniqueOf(buffer), wanted, deadline);
        own.current(reply);
        try {
            handle(buffer, length, reply, mayBlock);
        } catch (Throwable e) { // whatever it is, the asker must not wait for ever, and the thread goes on
            boolean unused = reply.error(Errno.EIO);
            sink.report(e);
        } finally {
            if (wanted && !reply.isAnswered()) {
                waiting.add(reply);
            }
            own.current(null);
        }
    }

    private void handle(ByteBuffer buffer, int length, FuseReply reply, boolean mayBlock) {
        FuseRequest request;
        try {
            request = FuseRequest.decode(buffer, length);
        } catch (MusicFsException e) {
            log.debug("{}", e.getMessage());
            answer(reply, Errno.EINVAL);
            return;
        }
        Opcode opcode = request.opcodeOrNull();
        if (opcode == Opcode.INTERRUPT) {
            interrupt(request, reply);
        } else if (leaving) {
            answer(reply, Errno.ENOTCONN);
        } else if (opcode == null) {
            answer(reply, Errno.ENOSYS);
        } else if (opcode == Opcode.INIT) {
            begin(request, reply);
        } else if (opcode == Opcode.DESTROY) {
            boolean unused = reply.ok();
        } else {
            handler.handle(request, reply, mayBlock);
        }
    }

    private static void answer(FuseReply reply, Errno error) {
        boolean unused = reply.error(error); // nothing is sent if nobody waits
    }

    private void begin(FuseRequest request, FuseReply reply) {
        try {
            Negotiation agreed = Negotiation.of(request.initIn(), settings.wishes());
            if (agreed.isAgreed()) {
                handler.begin(agreed);
            }
            ReplyBuffer buffer = reply.buffer(agreed.replyBytes());
            agreed.write(buffer.content());
            if (!reply.data(buffer)) {
                throw new MusicFsException(FailureKind.UNAVAILABLE, "The kernel does not begin to use the mount.");
            }
            if (agreed.isAgreed()) {
                ready.complete(null);
            }
        } catch (RuntimeException e) {
            answer(reply, Errno.EINVAL);
            ready.completeExceptionally(e);
            if (!(e instanceof MusicFsException ours) || ours.kind() == FailureKind.INTERNAL) {
                sink.report(e);
            }
        }
    }

    // One that is not found is over, or about to be seen by the thread that has read it: the kernel knows which, and
    // asks
    // again if it is told to.
    private void interrupt(FuseRequest request, FuseReply reply) {
        FuseReply asked = find(request.interruptIn().unique());
        if (asked != null) {
            asked.interrupt();
        } else {
            boolean unused = sink.send(reply.unique(), Errno.EAGAIN.negated());
        }
    }

    private @Nullable FuseReply find(long unique) {
        for (RequestThread thread : threads) {
            FuseReply current = thread.current();
            if (current != null && current.unique() == unique) {
                return current;
            }
        }
        return waiting.find(unique);
    }

    /** Answers what is past its deadline, be it waiting or in the hands of a thread that does not come back. */
    void expire() {
        for (RequestThread thread : threads) {
            FuseReply current = thread.current();
            if (current != null && current.deadline().expired()) {
                current.expire();
            }
        }
        waiting.expire();
    }

    /** The connection is gone and so is every thread. */
    void end() {
        waiting.abandon();
        ready.completeExceptionally(
                new MusicFsException(FailureKind.UNAVAILABLE, "The mount was gone before it was ready."));
    }
}
