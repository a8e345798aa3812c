package dev.musicfs.catalog;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import java.util.Optional;

/** One difference between an origin and the catalog: the library finds it, the tree stores and shows it. */
public sealed interface LibraryChange {
    /**
     * A file that the catalog does not know.
     *
     * @param after its row, with a fresh number
     * @param layout where the audio lies in this version, to be stored with it, when that was read
     */
    record Added(FileRow after, Optional<AudioLayout> layout) implements LibraryChange {
        /** Without a layout. */
        public Added(FileRow after) {
            this(after, Optional.empty());
        }
    }

    /**
     * A file whose path, version or tags differ.
     *
     * @param before its row as it is
     * @param after its row as it will be, with the same number
     * @param layout as in {@link Added}, of {@code after}
     */
    record Updated(FileRow before, FileRow after, Optional<AudioLayout> layout) implements LibraryChange {
        /** Without a layout. */
        public Updated(FileRow before, FileRow after) {
            this(before, after, Optional.empty());
        }
    }

    /**
     * A file of which more is known by now, and whose bytes, tags and path are the same: its layout and manifest become those
     * of the new version.
     *
     * @param after the same but for version and file key
     */
    record Identified(FileRow before, FileRow after) implements LibraryChange {}

    /** A file that is gone for certain. */
    record Removed(FileRow before) implements LibraryChange {}

    /** A directory of an origin that the catalog does not know. */
    record FolderAdded(OriginId origin, RealPath path) implements LibraryChange {}

    /** A directory of an origin that is gone for certain; what it held is removed by changes that come before. */
    record FolderRemoved(OriginId origin, RealPath path) implements LibraryChange {}

    /**
     * The cover of an album's directory at an origin was chosen again, after something there changed.
     *
     * @param cover the best cover file, in the catalog or added by the same batch; empty when there is none
     */
    record CoverChosen(OriginId origin, RealPath folder, Optional<FileRow> cover) implements LibraryChange {}

    /** A track whose copies and whose place in the tree are to be found again; nothing about the file changed. */
    record Reconsidered(long fileId) implements LibraryChange {}
}
