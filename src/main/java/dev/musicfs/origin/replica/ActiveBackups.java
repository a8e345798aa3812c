package dev.musicfs.origin.replica;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import dev.musicfs.runtime.EventAddresses;
import dev.musicfs.runtime.Events;
import java.util.Optional;

/** The files whose bytes come from another copy than their leader at present. For any thread. */
final class ActiveBackups {
    private final Events events;
    private final Cache<Key, OriginId> servedBy;

    /** @param limit how many files are remembered at most */
    ActiveBackups(Events events, int limit) {
        this.events = events;
        this.servedBy =
                Caffeine.newBuilder().maximumSize(limit).executor(Runnable::run).build();
    }

    private record Key(OriginId origin, RealPath path) {
        static Key of(Copy copy) {
            return new Key(copy.origin(), copy.path());
        }
    }

    /** The leader could not answer, for this reason, and this copy did. */
    void served(Copy leader, Copy by, String why) {
        if (servedBy.asMap().put(Key.of(leader), by.origin()) == null) {
            events.publish(
                    EventAddresses.SERVED_FROM_BACKUP,
                    new ServedFromBackup(
                            leader.origin().value(),
                            leader.path().value(),
                            by.origin().value(),
                            why));
        }
    }

    /** The leader answered. */
    void returned(Copy leader) {
        OriginId by = servedBy.asMap().remove(Key.of(leader));
        if (by != null) {
            events.publish(
                    EventAddresses.LEADER_RETURNED,
                    new LeaderReturned(leader.origin().value(), leader.path().value(), by.value()));
        }
    }

    /** The origin that the leader's file comes from instead; empty while the leader itself is read. */
    Optional<OriginId> of(Copy leader) {
        return Optional.ofNullable(servedBy.getIfPresent(Key.of(leader)));
    }

    int size() {
        return Math.toIntExact(servedBy.estimatedSize());
    }
}
