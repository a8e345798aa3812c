package dev.musicfs.fuse.device;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.ThreadShortage;
import dev.musicfs.runtime.Threads;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that take requests from a device: a few that stay, more while those are at work, and beyond {@link
 * #MAX_THREADS} requests wait in the kernel. One more sees to the deadlines. No thread waits for an answer, so the number
 * of requests that may wait for one is bounded by the kernel alone.
 */
@Attended(threads = "the last thread does not end until the mount is gone")
public final class RequestLoop {
    /** Threads that take requests, at most. */
    public static final int MAX_THREADS = 64;

    private static final Logger log = LoggerFactory.getLogger(RequestLoop.class);
    private static final int MAX_IDLE = 8;
    private static final long AFTER_DEATH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LOOK_AT_DEADLINES_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Device device;
    private final Consumer<Throwable> defects;
    private final RequestDispatch dispatch;
    private final AtomicInteger threads = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger names = new AtomicInteger();
    private final ThreadShortage shortage = new ThreadShortage(Clock.system());
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean over;

    /**
     * Does nothing yet.
     *
     * @param device closed here when its connection is gone and no thread is in it any more
     * @param handler answers everything that is not about the connection itself
     * @param defects told, on any thread, of every failure that is a defect of the program; the request it befell has failed
     *     with {@code EIO} and everything goes on
     */
    public RequestLoop(Device device, LoopSettings settings, RequestHandler handler, Consumer<Throwable> defects) {
        this.device = device;
        this.defects = defects;
        this.dispatch = new RequestDispatch(device, settings, handler, defects);
    }

    /** Begins; fails as {@link Threads#begin} and leaves nothing behind then. */
    public void start() {
        Thread deadlines = Threads.begin("musicfs-fuse-deadlines", this::seeToDeadlines);
        var unused = ended.thenRun(() -> LockSupport.unpark(deadlines));
        startThread();
        if (threads.get() == 0) {
            over = true;
            end();
            throw new MusicFsException(FailureKind.UNAVAILABLE, "The system gives no thread to serve the mount.");
        }
    }

    /** Completes, on a thread of the loop, when the kernel has accepted the connection; fails when it cannot be. */
    public CompletableFuture<Void> ready() {
        return dispatch.ready();
    }

    /** Completes when the connection is gone and no thread is left. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /** From now on every request is refused, as by a mount whose process is gone. */
    public void leave() {
        dispatch.leave();
    }

    /** Whether no request is being handled or waits for its answer, at this moment. */
    public boolean isIdle() {
        return idle.get() >= threads.get() && dispatch.waitingCount() == 0;
    }

    /** Requests that wait for an answer while no thread is at work on them. */
    public int waitingCount() {
        return dispatch.waitingCount();
    }

    /** Threads that take requests at present. */
    public int threadCount() {
        return threads.get();
    }

    /** Requests so far by their names, such as {@code LOOKUP}; those that never came are left out. */
    public Map<String, Long> callCounts() {
        return dispatch.callCounts();
    }

    /** Answers what is past its deadline. */
    void expire() {
        dispatch.expire();
    }

    private void seeToDeadlines() {
        while (!ended.isDone()) {
            LockSupport.parkNanos(LOOK_AT_DEADLINES_NANOS);
            try {
                dispatch.expire();
            } catch (Throwable e) { // whatever it is, the next deadline counts as much
                defects.accept(e);
            }
        }
    }

    /** Whether there is one more thread, or there is about to be. */
    private boolean startThread() {
        if (shortage.lasts()) {
            return false;
        }
        if (threads.incrementAndGet() > MAX_THREADS) {
            threads.decrementAndGet();
            return false;
        }
        idle.incrementAndGet();
        try {
            Threads.begin("musicfs-fuse-" + names.incrementAndGet(), this::run);
            shortage.end();
            return true;
        } catch (MusicFsException e) { // those there are carry on
            idle.decrementAndGet();
            threads.decrementAndGet();
            if (shortage.note()) {
                log.warn("{} threads serve the mount and no more: {}", threads.get(), e.getMessage());
            }
            return false;
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
        try {
            serve(own());
        } catch (Throwable e) { // anything: the other threads must go on and the end must be noticed
            defects.accept(e);
        } finally {
            // Decided on the one value: after the last thread has said so, the device is closed.
            if (threads.decrementAndGet() == 0) {
                if (over) {
                    end();
                } else {
                    idle.set(1);
                    threads.set(1);
                    last = true;
                }
            }
        }
        return last;
    }

    private RequestThread own() {
        boolean made = false;
        try {
            RequestThread own = new RequestThread();
            made = true;
            return own;
        } finally {
            if (!made) {
                idle.decrementAndGet();
            }
        }
    }

    private void serve(RequestThread own) {
        dispatch.add(own);
        try {
            while (serveOne(own)) {
                if (idle.incrementAndGet() > MAX_IDLE) {
                    idle.decrementAndGet();
                    return;
                }
            }
        } finally {
            dispatch.remove(own);
        }
    }

    /** Takes one request and handles it; false when there will be none. */
    private boolean serveOne(RequestThread own) {
        int length = device.readBlocking(own.address(), own.buffer().capacity());
        while (isPassing(length)) {
            length = device.readBlocking(own.address(), own.buffer().capacity());
        }
        boolean last = idle.decrementAndGet() <= 0;
        if (length <= 0) {
            if (!isEnd(length)) {
                throw new MusicFsException(
                        FailureKind.INTERNAL, "The kernel's requests cannot be read (errno " + -length + ").");
            }
            over = true;
            return false;
        }
        boolean mayBlock = !last;
        if (last && !RequestDispatch.isBrief(own.buffer(), length)) {
            mayBlock = startThread();
        }
        dispatch.handle(own, length, mayBlock);
        return true;
    }

    /** Whether the next call may well succeed: ENOENT is a request that was interrupted while it was being read. */
    private static boolean isPassing(int result) {
        return result == Errno.EINTR.negated() || result == Errno.EAGAIN.negated() || result == Errno.ENOENT.negated();
    }

    private static boolean isEnd(int result) {
        return result == 0
                || result == Errno.ENODEV.negated()
                || result == Errno.ECONNABORTED.negated()
                || result == Errno.ECONNRESET.negated()
                || result == Errno.EBADF.negated();
    }

    private void end() {
        try {
            dispatch.end();
            device.close();
        } finally {
            ended.complete(null);
        }
    }
}
