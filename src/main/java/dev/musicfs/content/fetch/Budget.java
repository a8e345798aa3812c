package dev.musicfs.content.fetch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory for blocks, in bytes: what is asked of origins, what has come and is kept, what waits to be stored. Readers
 * wait for it in a bounded queue, first come first served; work that no reader waits for takes only what is left over.
 * What one origin has been asked for and has not answered takes at most half of it, so that a hung origin leaves room
 * for the others. Confined to the loop.
 */
final class Budget {
    private static final int MAX_WAITING = 1024;

    private final long totalBytes;
    private final Loop loop;
    private final IdleBlocks idle;
    private final Counters counters;
    private final Runnable onFree;
    private final Deque<Claim> waiting = new ArrayDeque<>();
    private long usedBytes;
    private boolean granting;

    /** @param onFree called after memory became free and no reader waits for it */
    Budget(long totalBytes, Loop loop, IdleBlocks idle, Counters counters, Runnable onFree) {
        this.totalBytes = totalBytes;
        this.loop = loop;
        this.idle = idle;
        this.counters = counters;
        this.onFree = onFree;
    }

    /** What one origin has been asked for and has not answered, and how much to ask it for at a time. */
    static final class Share {
        private final FetchSize fetchSize = new FetchSize();
        private long inFlightBytes;

        FetchSize fetchSize() {
            return fetchSize;
        }
    }

    /** A reader's request for memory. */
    static final class Claim {
        private final Share share;
        private final long bytes;
        private final Runnable granted;

        Claim(Share share, long bytes, Runnable granted) {
            this.share = share;
            this.bytes = bytes;
            this.granted = granted;
        }
    }

    /** Grants it now or later; false when too many wait already. */
    boolean claim(Claim claim) {
        if (waiting.size() >= MAX_WAITING) {
            return false;
        }
        waiting.add(claim);
        counters.waiting.incrementAndGet();
        grant();
        return true;
    }

    /** Withdraws a claim that has not been granted; any other is ignored. */
    void cancel(Claim claim) {
        if (waiting.remove(claim)) {
            counters.waiting.decrementAndGet();
            grantSoon();
        }
    }

    /**
     * Takes memory at once if no reader waits for any; whether there was enough.
     *
     * @param ahead for bytes that no reader has asked for yet: a quarter is left free
     * @param except a block that must not be given up for it
     */
    boolean take(Share share, long bytes, boolean ahead, IdleBlocks.@Nullable Held except) {
        if (!waiting.isEmpty() || !fits(share, bytes)) {
            return false;
        }
        if (!makeRoom(bytes, ahead ? totalBytes / 4 * 3 : totalBytes, ahead, except)) {
            return false;
        }
        use(share, bytes);
        return true;
    }

    /** The origin has answered, or its answer is no longer waited for; the memory stays taken. */
    void landed(Share share, long bytes) {
        share.inFlightBytes -= bytes;
        counters.inFlightBytes.addAndGet(-bytes);
        grantSoon();
    }

    /** The origin is asked again for bytes whose memory is taken already. */
    void again(Share share, long bytes) {
        share.inFlightBytes += bytes;
        counters.inFlightBytes.addAndGet(bytes);
    }

    /** Gives memory back. */
    void release(long bytes) {
        usedBytes -= bytes;
        counters.heldBytes.set(usedBytes);
        grantSoon();
    }

    /** A block may be given up from now on, which may be what a waiting reader needs. */
    void reclaimable() {
        if (!waiting.isEmpty()) {
            grantSoon();
        }
    }

    // Not inside the call that frees: its caller is in the middle of something.
    private void grantSoon() {
        if (!granting) {
            granting = true;
            loop.execute(() -> {
                granting = false;
                grant();
                if (waiting.isEmpty()) {
                    onFree.run();
                }
            });
        }
    }

    private void grant() {
        List<Claim> granted = new ArrayList<>();
        for (Iterator<Claim> claims = waiting.iterator(); claims.hasNext(); ) {
            Claim claim = claims.next();
            if (!fits(claim.share, claim.bytes)) {
                continue;
            }
            if (!makeRoom(claim.bytes, totalBytes, false, null)) {
                break;
            }
            claims.remove();
            use(claim.share, claim.bytes);
            granted.add(claim);
        }
        counters.waiting.addAndGet(-granted.size());
        tell(granted);
    }

    // All of them have their memory already: one that throws must not keep the others from using theirs.
    private static void tell(List<Claim> granted) {
        for (int i = 0; i < granted.size(); i++) {
            try {
                granted.get(i).granted.run();
            } catch (RuntimeException | Error e) {
                tell(granted.subList(i + 1, granted.size()));
                throw e;
            }
        }
    }

    private boolean fits(Share share, long bytes) {
        return share.inFlightBytes == 0 || share.inFlightBytes + bytes <= totalBytes / 2;
    }

    private boolean makeRoom(long bytes, long limit, boolean restingOnly, IdleBlocks.@Nullable Held except) {
        if (usedBytes + bytes > limit) {
            idle.reclaim(usedBytes + bytes - limit, restingOnly, except);
        }
        return usedBytes + bytes <= limit;
    }

    private void use(Share share, long bytes) {
        usedBytes += bytes;
        counters.heldBytes.set(usedBytes);
        again(share, bytes);
    }
}
