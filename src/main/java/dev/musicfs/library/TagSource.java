package dev.musicfs.library;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;

/** Where the library gets the tags of one origin's files and, if they are wanted, their layouts. */
@FunctionalInterface
public interface TagSource {
    /**
     * Reads an audio file on the calling worker thread, several threads at a time.
     *
     * @throws dev.musicfs.failure.MusicFsException {@code CORRUPT} when the file was read and is damaged; any other kind
     *     when it could not be read, which says nothing about its content
     */
    ReadFile readBlocking(RealPath path, FileVersion version);
}
