package dev.musicfs.origin.replica;

/**
 * Published at {@link dev.musicfs.runtime.EventAddresses#AUTHORITY_RETURNED}.
 *
 * @param authority the origin of the leader, which the file comes from again
 * @param path of the file, in there
 * @param servedBy the origin it came from meanwhile
 */
public record AuthorityReturned(String authority, String path, String servedBy) {}
