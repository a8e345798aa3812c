package dev.musicfs.origin.replica;

import dev.musicfs.model.OriginId;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.guard.Standing;
import java.util.function.Supplier;

/**
 * An origin among which {@link Replicas} choose.
 *
 * @param origin how it is asked
 * @param standing how it is doing
 * @param priority as configured: the lowest is preferred
 */
public record Member(Origin origin, Supplier<Standing> standing, int priority) {
    OriginId id() {
        return origin.id();
    }
}
