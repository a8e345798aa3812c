package dev.musicfs.origin;

import dev.musicfs.runtime.PooledBuffer;

/**
 * Bytes in pooled memory and where they came from.
 *
 * @param bytes exactly those asked for; the reference is the receiver's, who has to give it back
 * @param from the copy that gave them, which is suspect if they turn out to be wrong
 */
public record FetchedBuffer(PooledBuffer bytes, Copy from) {}
