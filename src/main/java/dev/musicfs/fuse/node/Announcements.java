package dev.musicfs.fuse.node;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import dev.musicfs.vfs.Namespace;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The threads of ours that are making a change through the mount at this moment, by their system thread ids. Everybody
 * else's change is refused.
 */
final class Announcements {
    private final ConcurrentHashMap<Integer, Announcement> running = new ConcurrentHashMap<>();

    void begin(int threadId) {
        running.put(threadId, new Announcement());
    }

    void end(int threadId) {
        running.remove(threadId);
    }

    /** What this thread is announcing, null for everybody who is not. */
    @Nullable
    Announcement of(int threadId) {
        return running.get(threadId);
    }

    /** One change; a changed file takes several calls, of which the first publishes. */
    static final class Announcement {
        private volatile @Nullable NodeId published;

        boolean publishChanged(Namespace namespace, NodeRow file) {
            if (file.id().equals(published)) {
                return true;
            }
            boolean pending = namespace.publishChanged(file.id());
            if (pending) {
                published = file.id();
            }
            return pending;
        }
    }
}
