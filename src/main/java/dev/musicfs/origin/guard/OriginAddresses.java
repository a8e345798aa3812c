package dev.musicfs.origin.guard;

import dev.musicfs.model.OriginId;

/** Where an origin's verticle takes requests. */
record OriginAddresses(OriginId origin) {
    String read() {
        return "musicfs.origin." + origin + ".read";
    }

    String stat() {
        return "musicfs.origin." + origin + ".stat";
    }

    String list() {
        return "musicfs.origin." + origin + ".list";
    }

    String probe() {
        return "musicfs.origin." + origin + ".probe";
    }
}
