package dev.musicfs.content.fetch;

/**
 * What all blocks of one open file share.
 *
 * @param copies where its bytes come from
 * @param share what its origin is being asked for, for all files of that origin
 * @param name for messages
 * @param listener learns the outcome of fetching it
 */
record FileContext(Pipeline pipeline, Copies copies, Budget.Share share, String name, FetchListener listener) {}
