package dev.musicfs.config;

import java.time.Duration;

/**
 * The store of chunks.
 *
 * @param sizeBytes the most its chunk files may take together; 0: nothing is stored
 * @param minFreeBytes what is left free on its disk, whatever {@code sizeBytes} says
 * @param tagsBytes the part of {@code sizeBytes} that is kept for what scans for tags read
 * @param local whether files of local origins are copied into it
 * @param durability what a power cut may cost
 * @param scrubInterval in which time every chunk is read and verified once
 * @param readAheadBytes the most that is fetched ahead of one reader
 */
public record CacheConfig(
        long sizeBytes,
        long minFreeBytes,
        long tagsBytes,
        Local local,
        Durability durability,
        Duration scrubInterval,
        long readAheadBytes) {
    /** Whether files of local origins go through the store. */
    public enum Local {
        /** Only where that is worth it: not for disks of this machine. */
        AUTO,
        /** All of them. */
        ALWAYS
    }

    /** When chunks are forced to the disk. A torn chunk is noticed and fetched again in every mode. */
    public enum Durability {
        /** By the kernel, when it likes. */
        FAST,
        /** Every 16 chunks. */
        BATCH,
        /** Every chunk, before it counts as stored. */
        STRICT
    }
}
