package dev.musicfs.origin.replica;

import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.guard.Remembered;
import dev.musicfs.runtime.EventAddresses;
import dev.musicfs.runtime.Events;
import java.util.Optional;

/** The files that at present come from another copy than the one with the most authority. */
final class Backups {
    private final Events events;
    private final Remembered<Key, OriginId> servedBy;

    Backups(Events events, int limit) {
        this.events = events;
        this.servedBy = new Remembered<>(limit);
    }

    private record Key(OriginId origin, RealPath path) {
        static Key of(Copy copy) {
            return new Key(copy.origin(), copy.path());
        }
    }

    /** The authority could not answer and this one did. */
    void served(Copy authority, Copy by, String why) {
        if (servedBy.put(Key.of(authority), by.origin()).isEmpty()) {
            events.publish(
                    EventAddresses.SERVED_FROM_BACKUP,
                    new ServedFromBackup(
                            authority.origin().value(),
                            authority.path().value(),
                            by.origin().value(),
                            why));
        }
    }

    /** The authority answered. */
    void returned(Copy authority) {
        servedBy.remove(Key.of(authority))
                .ifPresent(by -> events.publish(
                        EventAddresses.AUTHORITY_RETURNED,
                        new AuthorityReturned(
                                authority.origin().value(), authority.path().value(), by.value())));
    }

    Optional<OriginId> of(Copy authority) {
        return servedBy.get(Key.of(authority));
    }

    int size() {
        return servedBy.size();
    }
}
