package dev.musicfs.origin.replica;

/**
 * Published at {@link dev.musicfs.runtime.EventAddresses#LEADER_RETURNED}.
 *
 * @param leader the origin of the leader, which the file comes from again
 * @param path of the file, in there
 * @param servedBy the origin it came from meanwhile
 */
public record LeaderReturned(String leader, String path, String servedBy) {}
