package dev.musicfs.chunk;

import java.io.IOException;

/** Asks a disk for its free space. */
@FunctionalInterface
interface SpaceProbe {
    /** Bytes this process could still write there. */
    long usableBytes() throws IOException;
}
