package dev.musicfs.origin.replica;

/**
 * What became of reads from files with copies.
 *
 * @param reads all of them
 * @param attempts how many times origins were asked for them
 * @param retries of these, those in a further round
 * @param failovers reads that were answered by another copy than the one asked first
 * @param hedges reads for which a second copy was asked while the first had not answered
 * @param failed reads that no copy could answer
 * @param suspects copies that are known not to be as expected at present
 * @param fromBackup files that come from a backup at present
 */
public record ReplicaStats(
        long reads,
        long attempts,
        long retries,
        long failovers,
        long hedges,
        long failed,
        int suspects,
        int fromBackup) {}
