package dev.musicfs.chunk.disk;

import java.io.IOException;
import java.util.OptionalLong;

/** Asks a disk for its free space. */
@FunctionalInterface
public interface SpaceProbe {
    /** Bytes this process could still write there. */
    long usableBytes() throws IOException;

    /** Files this process could still make there; empty when there is no limit, or none that is known. */
    default OptionalLong freeFiles() {
        return OptionalLong.empty();
    }
}
