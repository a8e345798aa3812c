package dev.musicfs.origin.replica;

/**
 * Published at {@link dev.musicfs.runtime.EventAddresses#SERVED_FROM_BACKUP}, once for each file and outage.
 *
 * @param leader the origin of the leader, which the file should come from
 * @param path of the file, in there
 * @param servedBy the origin it comes from
 * @param why what the leader failed with, in words
 */
public record ServedFromBackup(String leader, String path, String servedBy, String why) {}
