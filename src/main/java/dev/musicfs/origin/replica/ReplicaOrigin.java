package dev.musicfs.origin.replica;

import dev.musicfs.model.OriginId;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.guard.OriginSnapshot;
import java.util.function.Supplier;

/**
 * An origin that has copies.
 *
 * @param origin how it is asked
 * @param snapshot how it is doing at the moment of the call
 * @param priority as configured: the lowest is preferred
 */
public record ReplicaOrigin(Origin origin, Supplier<OriginSnapshot> snapshot, int priority) {
    OriginId id() {
        return origin.id();
    }
}
