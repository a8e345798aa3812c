package dev.musicfs.library;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import io.vertx.core.Future;

/** Where the library gets the tags of one origin's files and, if they are wanted, their layouts. */
@FunctionalInterface
public interface TagSource {
    /**
     * Reads an audio file. Returns at once and never throws; the library bounds how many it asks for at a time. Fails with
     * a {@link dev.musicfs.failure.MusicFsException}: {@code CORRUPT} when the file was read and is damaged; any other kind
     * when it could not be read, which says nothing about its content.
     */
    Future<ReadFile> read(RealPath path, FileVersion version);
}
