package dev.musicfs.content.fetch;

import dev.musicfs.model.ChunkId;

/** Learns the outcome of fetching one file; called on the loop. */
public interface FetchListener {
    /** A block is in the store. */
    void stored(int block, ChunkId chunk);

    /** The origin has another version. */
    void changedAtOrigin();

    /** The copies have other bytes and say that they are this version. */
    void contradicted();

    /** Nothing of a block is in memory any more. */
    void blockGone();
}
