package dev.musicfs.tree;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import java.util.Optional;

/** One difference between an origin and the tree, to be shown by {@link TreeUpdater}. */
public sealed interface TreeChange {
    /** A file the catalog does not know; its id is a fresh number. Its layout is stored with it. */
    record Added(FileRow after, Optional<AudioLayout> layout) implements TreeChange {
        /** Without a layout. */
        public Added(FileRow after) {
            this(after, Optional.empty());
        }
    }

    /** A file whose path, version or tags differ; both rows have the same id. The layout is that of {@code after}. */
    record Updated(FileRow before, FileRow after, Optional<AudioLayout> layout) implements TreeChange {
        /** Without a layout. */
        public Updated(FileRow before, FileRow after) {
            this(before, after, Optional.empty());
        }
    }

    /** A file that is gone for certain. */
    record Removed(FileRow before) implements TreeChange {}

    /** A directory of an origin that the catalog does not know. */
    record FolderAdded(OriginId origin, RealPath path) implements TreeChange {}

    /** A directory of an origin that is gone for certain; what it held is removed by changes of its own. */
    record FolderRemoved(OriginId origin, RealPath path) implements TreeChange {}

    /** The best cover file of a directory of an origin, in the catalog or added by the same batch; maybe none. */
    record Covers(OriginId origin, RealPath folder, Optional<FileRow> cover) implements TreeChange {}

    /** A track of which other files may be copies, or no longer; nothing else about it changed. */
    record Doubted(long fileId) implements TreeChange {}
}
