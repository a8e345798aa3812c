package dev.musicfs.fuse.device;

import dev.musicfs.failure.Errno;
import dev.musicfs.fuse.protocol.ReplyBody;
import dev.musicfs.runtime.Deadline;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reply to one request, sent once by whichever thread has the answer. A request that is never answered leaves its
 * asker unkillable. Therefore whatever is still unanswered at its {@linkplain #deadline deadline} fails with {@code EIO}, and
 * so does at once what the kernel refuses to take as a reply.
 *
 * <p>Every way to answer says whether the kernel has taken it. If not, the asker is gone, the connection is, or there was
 * an answer before: whatever this one handed over (a handle, a lookup) is to be undone by the caller. Nothing here throws
 * for that, or blocks. For any thread.
 */
public final class FuseReply {
    private final ReplySink sink;
    private final Consumer<FuseReply> onAnswered;
    private final long unique;
    private final boolean wanted;
    private final Deadline deadline;
    private final AtomicBoolean answered = new AtomicBoolean();
    private @Nullable Runnable onInterrupt;
    private boolean interrupted;

    /**
     * @param onAnswered told, once, just before the answer is sent
     * @param wanted whether the asker waits; otherwise nothing is ever sent
     */
    FuseReply(ReplySink sink, Consumer<FuseReply> onAnswered, long unique, boolean wanted, Deadline deadline) {
        this.sink = sink;
        this.onAnswered = onAnswered;
        this.unique = unique;
        this.wanted = wanted;
        this.deadline = deadline;
    }

    /** Until when it has to be answered. Whatever is asked on its behalf takes this deadline along and sets no other. */
    public Deadline deadline() {
        return deadline;
    }

    /** Whether it has been answered, also by its deadline. */
    public boolean isAnswered() {
        return answered.get();
    }

    /**
     * Has {@code task} run once when the asker gives up, as one does that is killed, or when the connection ends; at once if that was
     * before. It must not block, and may answer, with {@code EINTR} as a rule. What was set before is replaced. It is not
     * run any more once there is an answer.
     */
    public void onInterrupt(Runnable task) {
        boolean now;
        synchronized (this) {
            now = interrupted;
            onInterrupt = now ? null : task;
        }
        if (now && !isAnswered()) {
            run(task);
        }
    }

    /** Memory for {@link #data(ReplyBuffer)}, at most {@link ReplyBuffers#MAX_CONTENT_BYTES}; see {@link ReplyBuffers#take}. */
    public ReplyBuffer buffer(int contentBytes) {
        return sink.buffers().take(contentBytes);
    }

    /** The request failed. */
    public boolean error(Errno error) {
        return claim() && sink.send(unique, error.negated());
    }

    /** It succeeded, and there is nothing to say about it. */
    public boolean ok() {
        return claim() && sink.send(unique, 0);
    }

    /** For a request that wants no reply: it is done. */
    public void none() {
        if (wanted) {
            throw new IllegalStateException("This request wants a reply.");
        }
        boolean unused = claim();
    }

    /** It succeeded with this. */
    public boolean body(ReplyBody.Body body) {
        return claim() && sink.send(unique, body);
    }

    /**
     * It succeeded with the content of a buffer up to its position, which may be nothing. The buffer goes back in any case,
     * and must not be touched any more.
     */
    public boolean data(ReplyBuffer buffer) {
        try (buffer) {
            return claim() && sink.send(unique, buffer);
        }
    }

    /**
     * It succeeded with what remains of these bytes. They are copied by the kernel during the call if they are in direct
     * memory, and otherwise also here: for what is small.
     */
    public boolean data(ByteBuffer bytes) {
        return claim() && sink.send(unique, bytes);
    }

    /** Fails it as late, at its deadline. */
    void expire() {
        if (claim()) {
            sink.late(unique);
            runOnInterrupt();
        }
    }

    /** The asker gives up. */
    void interrupt() {
        if (!isAnswered()) {
            runOnInterrupt();
        }
    }

    /** Nobody can be answered any more: the connection is gone. */
    void abandon() {
        if (claim()) {
            runOnInterrupt();
        }
    }

    long unique() {
        return unique;
    }

    private void runOnInterrupt() {
        Runnable task;
        synchronized (this) {
            interrupted = true;
            task = onInterrupt;
            onInterrupt = null;
        }
        if (task != null) {
            run(task);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // other requests are to be seen to as well
            sink.report(e);
        }
    }

    private boolean claim() {
        if (!answered.compareAndSet(false, true)) {
            return false;
        }
        onAnswered.accept(this);
        return wanted;
    }
}
