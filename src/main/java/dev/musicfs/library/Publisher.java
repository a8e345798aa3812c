package dev.musicfs.library;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Where the library hands what it found: it becomes catalog rows and entries of the tree together. Batches are
 * published one after another; the caller waits for one before it hands over the next.
 */
public interface Publisher {
    /** Stores and shows a batch of changes; fails as {@link dev.musicfs.catalog.CatalogWriter#apply} does. */
    Future<Void> publish(List<Change> batch);

    /** One difference between an origin and the catalog. */
    sealed interface Change {
        /**
         * A file that the catalog does not know.
         *
         * @param after its row, with a fresh number
         * @param layout where the audio lies in this version, to be stored with it, when that was read
         */
        record Added(FileRow after, Optional<AudioLayout> layout) implements Change {}

        /**
         * A file whose path, version or tags differ.
         *
         * @param before its row as it is
         * @param after its row as it will be, with the same number
         * @param layout as in {@link Added}
         */
        record Updated(FileRow before, FileRow after, Optional<AudioLayout> layout) implements Change {}

        /** A file that is gone for certain. */
        record Removed(FileRow before) implements Change {}

        /** A directory of an origin that the catalog does not know. */
        record FolderAdded(OriginId origin, RealPath path) implements Change {}

        /** A directory of an origin that is gone for certain; changes of what it held come before it. */
        record FolderRemoved(OriginId origin, RealPath path) implements Change {}

        /** The cover files of an album directory of an origin, best first, after something there changed; maybe none. */
        record Covers(OriginId origin, RealPath folder, Optional<FileRow> cover) implements Change {}
    }
}
