package dev.musicfs.content;

import dev.musicfs.model.ByteRange;

/** Asks {@link ContentVerticle#READ} for bytes of a remote file; the reply is a {@link io.vertx.core.buffer.Buffer}. */
public record ReadRequest(RemoteFile file, ByteRange range) {}
