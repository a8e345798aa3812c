package dev.musicfs.fuse;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Errno;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.ThreadShortage;
import dev.musicfs.runtime.Threads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that take requests from the kernel. libfuse's own loop starts and ends threads all the time and knows no
 * upper bound; these stay, which keeps calls from C into Java cheap, and beyond {@link #MAX_THREADS} requests wait in
 * the kernel.
 */
@Attended(threads = "the last thread does not end until the mount is gone")
final class SessionLoop {
    /** Threads at most. */
    static final int MAX_THREADS = 256;

    private static final Logger log = LoggerFactory.getLogger(SessionLoop.class);
    private static final int MAX_IDLE = 8;

    private static final long AFTER_DEATH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final LibFuse fuse;
    private final long session;
    private final long channel;
    private final DirectoryRequests requests;
    private final CallCounts counts;
    private final Consumer<Throwable> defects;
    private final AtomicInteger threads = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final ThreadShortage shortage = new ThreadShortage(Clock.system());
    private final AdmissionQueue queue;
    private final AtomicInteger names = new AtomicInteger();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean over;
    private volatile boolean leaving;

    /**
     * @param requests handles them
     * @param queue bounds how many of them may wait at a time
     * @param defects told of what a thread died of
     */
    SessionLoop(
            LibFuse fuse,
            long session,
            long channel,
            DirectoryRequests requests,
            AdmissionQueue queue,
            CallCounts counts,
            Consumer<Throwable> defects) {
        this.fuse = fuse;
        this.session = session;
        this.channel = channel;
        this.requests = requests;
        this.queue = queue;
        this.counts = counts;
        this.defects = defects;
    }

    void start() {
        startThread();
    }

    /** Completes when the mount is gone and no thread is left. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** From now on every request is refused, as by a mount whose process is gone. */
    void leave() {
        leaving = true;
    }

    /** Whether no request is being handled, at this moment. */
    boolean isIdle() {
        return idle.get() >= threads.get();
    }

    int threadCount() {
        return threads.get();
    }

    private void startThread() {
        if (shortage.lasts()) {
            return;
        }
        if (threads.incrementAndGet() > MAX_THREADS) {
            threads.decrementAndGet();
            return;
        }
        idle.incrementAndGet();
        try {
            Threads.begin("musicfs-fuse-" + names.incrementAndGet(), this::run);
            shortage.end();
        } catch (MusicFsException e) { // those there are carry on
            idle.decrementAndGet();
            threads.decrementAndGet();
            if (shortage.note()) {
                log.warn("{} threads serve the mount and no more: {}", threads.get(), e.getMessage());
            }
        }
    }

    private void run() {
        while (diedAsTheLast()) {
            LockSupport.parkNanos(AFTER_DEATH_NANOS);
        }
    }

    // The last one goes on itself: the system may have no thread to take its place.
    private boolean diedAsTheLast() {
        boolean last = false;
        long size = fuse.fuse_chan_bufsize(channel);
        try (NativeMemory buffer = new NativeMemory(size);
                NativeMemory channelPointer = new NativeMemory(8)) {
            serve(buffer.address(), size, channelPointer.address());
        } catch (Throwable e) { // anything: the other threads must go on and the end must be noticed
            defects.accept(e);
        } finally {
            // Decided on the one value: after the last thread has said so, libfuse's memory is freed.
            if (threads.decrementAndGet() == 0) {
                if (over) {
                    ended.complete(null);
                } else {
                    idle.set(1);
                    threads.set(1);
                    last = true;
                }
            }
        }
        return last;
    }

    private void serve(long buffer, long size, long channelPointer) {
        while (true) {
            NativeMemory.IO.putAddress(channelPointer, channel);
            int length = fuse.fuse_chan_recv(channelPointer, buffer, size);
            if (length == Errno.EINTR.negated() || length == Errno.EAGAIN.negated()) {
                continue;
            }
            if (length <= 0) {
                over = true;
                fuse.fuse_session_exit(session);
                idle.decrementAndGet();
                return;
            }
            int opcode = KernelRequest.opcode(buffer);
            counts.count(opcode);
            boolean brief = opcode == KernelRequest.FORGET || opcode == KernelRequest.BATCH_FORGET;
            if (idle.decrementAndGet() <= 0 && !brief) {
                startThread();
            }
            handle(buffer, length);
            if (idle.incrementAndGet() > MAX_IDLE) {
                idle.decrementAndGet();
                return;
            }
        }
    }

    private void handle(long request, int length) {
        AdmissionQueue.Kind kind = AdmissionQueue.kindOf(request);
        if (leaving || kind == null) {
            answer(request, length);
            return;
        }
        switch (queue.admit(kind, request, length)) {
            case NOW -> {
                try {
                    answer(request, length);
                } finally {
                    leave(kind);
                }
            }
            case LATER -> {
                // The thread that gives a place up handles the copy.
            }
            case NEVER -> requests.fail(request, Errno.EIO);
        }
    }

    /** Gives the place up, and handles on it what has waited for it. */
    private void leave(AdmissionQueue.Kind kind) {
        Throwable defect = null;
        for (AdmissionQueue.SetAside next = queue.leave(kind); next != null; next = queue.leave(next.kind())) {
            try (AdmissionQueue.SetAside turn = next) {
                turn.handle(this::answer);
            } catch (RuntimeException | Error e) { // the others' queue must come
                defect = e;
            }
        }
        if (defect != null) {
            defects.accept(defect);
        }
    }

    private void answer(long request, int length) {
        if (leaving) {
            requests.refuse(request);
        } else {
            requests.process(request, length);
        }
    }
}
