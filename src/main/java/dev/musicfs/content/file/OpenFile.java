package dev.musicfs.content.file;

import dev.musicfs.model.FileVersion;

/** One version of a file, open for reading; it never gives the bytes of another version. Safe for many threads. */
public sealed interface OpenFile extends AutoCloseable permits DirectFile, CachedFile {
    /** The version it was opened at. */
    FileVersion version();

    /** Gives up what it holds; never throws. No read may be running. */
    @Override
    void close();
}
