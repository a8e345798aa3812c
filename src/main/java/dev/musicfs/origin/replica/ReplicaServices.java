package dev.musicfs.origin.replica;

import dev.musicfs.runtime.Timers;

/**
 * What every read of files with copies shares.
 *
 * @param options how a read goes on when a copy fails
 * @param timers for its pauses and its deadline
 * @param candidates which copies to ask
 * @param suspects copies that are not as expected
 * @param backups files that come from a backup
 * @param metrics counts what happens
 */
record ReplicaServices(
        ReplicaOptions options,
        Timers timers,
        Candidates candidates,
        SuspectCopies suspects,
        ActiveBackups backups,
        ReplicaMetrics metrics) {}
