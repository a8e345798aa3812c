package dev.musicfs.origin.replica;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.guard.Remembered;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.EventAddresses;
import dev.musicfs.runtime.Events;
import java.time.Duration;
import java.util.Optional;

/** The copies that are not as they should be. A changed one is another version, of which nothing is known. */
final class Blames {
    private final Clock clock;
    private final Events events;
    private final Duration recheckAfter;
    private final Remembered<Key, Blame> blames;

    Blames(Clock clock, Events events, Duration recheckAfter, int limit) {
        this.clock = clock;
        this.events = events;
        this.recheckAfter = recheckAfter;
        this.blames = new Remembered<>(limit);
    }

    private record Key(OriginId origin, RealPath path, FileVersion version) {
        static Key of(Copy copy) {
            return new Key(copy.origin(), copy.path(), copy.version());
        }
    }

    private record Blame(boolean wrongBytes, long atNanos) {}

    /** It gave bytes that are wrong, which is for good. */
    void wrongBytes(Copy copy, String why) {
        add(copy, true, why);
    }

    /** It is not there, of another length or another version, which may be remedied. */
    void notAsExpected(Copy copy, String why) {
        if (find(copy).isEmpty()) {
            add(copy, false, why);
        }
    }

    /** It was looked at again and is as it should be. */
    void forgive(Copy copy) {
        blames.remove(Key.of(copy));
    }

    /** Whether it is known to give wrong bytes. */
    boolean wrongBytes(Copy copy) {
        return find(copy).map(Blame::wrongBytes).orElse(false);
    }

    /** Whether there is a reason to ask any other copy before it. */
    boolean unfit(Copy copy) {
        return find(copy).isPresent();
    }

    int size() {
        return blames.size();
    }

    private void add(Copy copy, boolean wrongBytes, String why) {
        Optional<Blame> before = blames.put(Key.of(copy), new Blame(wrongBytes, clock.monotonicNanos()));
        if (before.isEmpty()) {
            events.publish(
                    EventAddresses.COPY_BLAMED,
                    new CopyBlamed(copy.origin().value(), copy.path().value(), why));
        }
    }

    private Optional<Blame> find(Copy copy) {
        Optional<Blame> blame = blames.get(Key.of(copy));
        boolean over = blame.isPresent()
                && !blame.get().wrongBytes()
                && clock.monotonicNanos() - blame.get().atNanos() >= recheckAfter.toNanos();
        if (over) {
            blames.remove(Key.of(copy));
            return Optional.empty();
        }
        return blame;
    }
}
