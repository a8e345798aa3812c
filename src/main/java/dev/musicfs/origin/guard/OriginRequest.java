package dev.musicfs.origin.guard;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.Deadline;

/** What an origin's verticle is asked, by reference. */
sealed interface OriginRequest {
    /** Replied to with a {@link io.vertx.core.buffer.Buffer}. */
    record Read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) implements OriginRequest {}

    /** Replied to with an {@link dev.musicfs.origin.OriginEntry}. */
    record Stat(RealPath path, Deadline deadline) implements OriginRequest {}

    /** Replied to with a list of {@link dev.musicfs.origin.OriginEntry}. */
    record ListDirectory(RealPath directory) implements OriginRequest {}

    /** Replied to with null. */
    record Probe(Deadline deadline) implements OriginRequest {}
}
