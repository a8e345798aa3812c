package dev.musicfs.fuse.device;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The replies that somebody waits for while no thread of the loop is at work on them. For any thread. */
final class WaitingReplies {
    private final ConcurrentHashMap<Long, FuseReply> waiting = new ConcurrentHashMap<>();

    void add(FuseReply reply) {
        waiting.put(reply.unique(), reply);
        if (reply.isAnswered()) { // meanwhile, by somebody who did not find it here
            remove(reply);
        }
    }

    void remove(FuseReply reply) {
        if (!waiting.isEmpty()) {
            waiting.remove(reply.unique(), reply);
        }
    }

    @Nullable
    FuseReply find(long unique) {
        return waiting.get(unique);
    }

    int count() {
        return waiting.size();
    }

    /** Answers those whose time is over. */
    void expire() {
        for (FuseReply reply : waiting.values()) {
            if (reply.deadline().expired()) {
                reply.expire();
            }
        }
    }

    /** There is nobody to answer any more. */
    void abandon() {
        for (FuseReply reply : waiting.values()) {
            reply.abandon();
        }
    }
}
