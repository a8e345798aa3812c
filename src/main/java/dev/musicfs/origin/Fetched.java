package dev.musicfs.origin;

import io.vertx.core.buffer.Buffer;

/**
 * Bytes and where they came from.
 *
 * @param bytes exactly those asked for
 * @param from the copy that gave them, which is suspect if they turn out to be wrong
 */
public record Fetched(Buffer bytes, Copy from) {}
