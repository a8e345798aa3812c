package dev.musicfs.origin.guard;

import dev.musicfs.model.OriginId;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where an origin's verticle takes requests.
 *
 * @param origin its name
 * @param instance tells it from one of the same name that it replaces, so that each answers what it was asked
 */
record OriginAddresses(OriginId origin, long instance) {
    private static final AtomicLong INSTANCES = new AtomicLong();

    /** Those of no other verticle. */
    static OriginAddresses unique(OriginId origin) {
        return new OriginAddresses(origin, INSTANCES.incrementAndGet());
    }

    String read() {
        return address("read");
    }

    String stat() {
        return address("stat");
    }

    String list() {
        return address("list");
    }

    String probe() {
        return address("probe");
    }

    private String address(String what) {
        return "musicfs.origin." + origin + "." + instance + "." + what;
    }
}
