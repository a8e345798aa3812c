package dev.musicfs.content.file;

import dev.musicfs.content.fetch.ReadReply;
import dev.musicfs.model.ByteRange;
import dev.musicfs.runtime.Deadline;

/**
 * Asks {@link ContentVerticle#READ} for bytes that {@link CachedFile#readPresentBlocking} could not give; the reply is a
 * {@link ReadReply}.
 *
 * @param range what is wanted, inside the file
 * @param pastStore whether all of it is to come from the origin: set when the store failed to give what it should have
 * @param deadline after which nobody waits for the reply
 */
public record ReadRequest(CachedFile file, ByteRange range, boolean pastStore, Deadline deadline) {}
