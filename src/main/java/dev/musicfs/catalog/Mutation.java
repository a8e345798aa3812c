package dev.musicfs.catalog;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import java.util.List;
import java.util.Map;

/** One change of the catalog; a list of them is applied in order and in one transaction. */
public sealed interface Mutation {
    /** Inserts the file, or replaces the one with the same id, whose layout, manifest and pin stay. */
    record PutFile(FileRow file) implements Mutation {}

    /**
     * Takes the file from its path, so that another may be put there; a {@link PutFile} later in the same list must give
     * it a new one. Unlike a removal, this keeps its layout, manifest and pin.
     */
    record VacatePath(long fileId) implements Mutation {}

    /** Forgets the file, its layout, manifest and pin; no node may show it any more at the end of the transaction. */
    record RemoveFile(long fileId) implements Mutation {}

    /** Remembers that an origin has this directory (the root is implied). */
    record PutFolder(OriginId origin, RealPath path) implements Mutation {}

    /** Forgets a directory of an origin; its files and sub-directories are removed by mutations of their own. */
    record RemoveFolder(OriginId origin, RealPath path) implements Mutation {}

    /** Inserts the node, or replaces the one with the same id. */
    record PutNode(NodeRow node) implements Mutation {}

    /** Removes the node; a directory must be empty by then. */
    record RemoveNode(NodeId node) implements Mutation {}

    /** What is known of a file's bytes. Ignored, and no failure, when the file is gone. */
    sealed interface OfManifest extends Mutation {}

    /** Remembers the layout of a version of a file, in place of the one before. */
    record PutLayout(long fileId, FileVersion version, AudioLayout layout) implements OfManifest {}

    /** Begins the manifest of a version of a file, in place of the one before and all its blocks. */
    record BeginManifest(long fileId, FileVersion version, AudioLayout layout, Map<Integer, ChunkId> chunks)
            implements OfManifest {
        /** Keeps its own copy of the chunks. */
        public BeginManifest {
            chunks = Map.copyOf(chunks);
        }
    }

    /** Adds blocks to the manifest of a file, or replaces them; ignored when that is another version's or not begun. */
    record PutBlocks(long fileId, FileVersion version, Map<Integer, ChunkId> chunks) implements OfManifest {
        /** Keeps its own copy of the chunks. */
        public PutBlocks {
            chunks = Map.copyOf(chunks);
        }
    }

    /** Forgets the manifest of a file and its blocks. */
    record RemoveManifest(long fileId) implements OfManifest {}

    /** Makes what is known of one version of a file that of another with the same bytes. */
    record RenameVersion(long fileId, FileVersion from, FileVersion to) implements OfManifest {}

    /** Remembers that somebody wants to keep the file. */
    record Pin(long fileId) implements OfManifest {}

    /** Takes back {@link Pin}. */
    record Unpin(long fileId) implements OfManifest {}

    /** What is known of copies of one track, and of the last run. Ignored, and no failure, when the file is gone. */
    sealed interface OfCopies extends Mutation {}

    /** Makes the file a copy of the one that is shown for it; {@code leaderId} 0 when it is shown itself. */
    record Follow(long fileId, long leaderId) implements OfCopies {}

    /** Files that are shown in place of others from now on; no file is named twice. */
    record TakeOvers(List<TakeOver> all) implements OfCopies {
        /** Keeps its own copy of the list. */
        public TakeOvers {
            all = List.copyOf(all);
        }

        /**
         * One of them: the pin moves to it and, when it has the {@code same} bytes, so do layout and manifest as far as
         * they are of the other's present version. What it has of its own stays.
         */
        public record TakeOver(long fromId, long toId, boolean same) {}
    }

    /** Remembers the hash over plan and chunks of the manifest of this version; ignored when that is another version's. */
    record PutContent(long fileId, FileVersion version, ChunkId content) implements OfCopies {}

    /** Remembers a text under a name. */
    record PutSetting(String name, String value) implements OfCopies {}
}
