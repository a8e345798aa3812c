package dev.musicfs.content.fetch;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * What this room has done since its start, and what it holds at present. Once nobody has a file open and every fetch and
 * write has ended, all that is held is zero.
 *
 * @param hits reads answered from the store on the reader's own thread
 * @param misses reads that had to be waited for
 * @param coalesced waits for bytes that had been asked for already
 * @param passthroughReads the part of {@code misses} while the store could not be read or not be written
 * @param fetchedBytes bytes that came from origins, whether they could be used or not
 * @param storedBlocks blocks put into the store
 * @param droppedWrites blocks that were not stored because too many were waiting to be
 * @param failedWrites blocks that the store refused
 * @param carriedBlocks blocks of a new version that were there from the version before
 * @param inFlightBytes asked of origins at present
 * @param heldBytes memory for blocks at present, {@code inFlightBytes} and {@code pendingWriteBytes} included
 * @param pendingWriteBytes waiting to be put into the store at present
 * @param waiting fetches that wait for memory at present
 * @param openFiles files with at least one open handle, or with work not yet ended
 */
public record ContentStats(
        long hits,
        long misses,
        long coalesced,
        long passthroughReads,
        long fetchedBytes,
        long storedBlocks,
        long droppedWrites,
        long failedWrites,
        long carriedBlocks,
        long inFlightBytes,
        long heldBytes,
        long pendingWriteBytes,
        long waiting,
        long openFiles) {
    /** Share of the reads that came from the store, 0 to 1; empty before the first read. */
    public OptionalDouble hitRatio() {
        return hits + misses == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) hits / (hits + misses));
    }

    /** What is held at present, by name; all zero when nothing is read and nothing is being stored. */
    public Map<String, Long> gauges() {
        return Map.of(
                "inFlightBytes", inFlightBytes,
                "heldBytes", heldBytes,
                "pendingWriteBytes", pendingWriteBytes,
                "waiting", waiting,
                "openFiles", openFiles);
    }
}
