package dev.musicfs.catalog;

import dev.musicfs.model.ChunkId;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the catalog on the calling thread, microseconds for a point query. For FUSE and worker threads, never for an
 * event loop. Fails with {@code UNAVAILABLE} when the database does not answer and {@code CORRUPT} when it is damaged.
 */
public interface CatalogReader {
    /** The node with this inode number. */
    Optional<NodeRow> nodeBlocking(NodeId node);

    /** The entry of a directory with exactly this name. */
    Optional<NodeRow> childBlocking(NodeId directory, String name);

    /** At most {@code limit} entries whose names come after {@code afterName} (exclusive, "" from the start), in byte order of names. */
    List<NodeRow> childrenBlocking(NodeId directory, String afterName, int limit);

    /** The nodes that show a file: one for a track, any number for a cover. */
    List<NodeRow> nodesOfFileBlocking(long fileId);

    /** The file with this number. */
    Optional<FileRow> fileBlocking(long fileId);

    /** The files that lie directly in a directory of an origin, in byte order of their names. */
    default List<FileRow> filesInBlocking(OriginId origin, RealPath folder) {
        return filesInBlocking(origin, folder, Integer.MAX_VALUE);
    }

    /** The first {@code limit} of them. */
    List<FileRow> filesInBlocking(OriginId origin, RealPath folder, int limit);

    /** The files of an origin with this key, which is not 0: one file under several names; the oldest first. */
    List<FileRow> filesWithKeyBlocking(OriginId origin, long fileKey, int limit);

    /** How many files of an origin are damaged; counts them, so not for a hot path. */
    long damagedFilesBlocking(OriginId origin);

    /** The directories that lie directly in a directory of an origin, in byte order of their names. */
    List<RealPath> foldersInBlocking(OriginId origin, RealPath folder);

    /** Sums over the whole catalog, kept up to date by the writer, so in constant time. */
    Totals totalsBlocking();

    /** The last layout that was read of a file, of whatever version. */
    Optional<LayoutRow> layoutBlocking(long fileId);

    /** The manifest of a file with all its blocks, of whatever version. */
    Optional<ManifestRow> manifestBlocking(long fileId);

    /** How many files have a manifest; counts them, so not for a hot path. */
    long manifestCountBlocking();

    /** Whether this file is pinned. */
    boolean isPinnedBlocking(long fileId);

    /**
     * The copies of the track that this file is a copy of, the one that is shown first and the others in no particular
     * order: only the file itself when it is the only one, none when there is no such file.
     */
    List<CopyRow> copiesBlocking(long fileId);

    /** The file that is shown for this one: itself when it is shown, empty when there is no such file. */
    Optional<Long> leaderOfBlocking(long fileId);

    /** The files with this path, of whatever origins. */
    List<FileRow> filesAtBlocking(RealPath path);

    /** At most {@code limit} files whose present version has this stream hash (not empty) and that many bytes of audio. */
    List<FileRow> filesWithAudioBlocking(String streamHash, long audioBytes, int limit);

    /** At most {@code limit} files whose present version has this content hash. */
    List<FileRow> filesWithContentBlocking(ChunkId content, int limit);

    /** The content hash of a file's present version, when all its blocks are known. */
    Optional<ChunkId> contentBlocking(long fileId);

    /** The origins that have files, in the order of their names. */
    List<OriginId> originsBlocking();

    /** At most {@code limit} files with numbers above {@code afterId}, ascending. */
    List<FileRow> filesAfterBlocking(long afterId, int limit);

    /** What {@link Mutation.PutSetting} stored under this name. */
    Optional<String> settingBlocking(String name);

    /** The pinned files in ascending order. */
    List<Long> pinnedFilesBlocking();

    /**
     * Gives every known chunk of the pinned files, as they are at one instant and in no order, once for each block that
     * has it. Nothing is gathered in memory, but one of the few connections is held meanwhile: {@code each} must be quick
     * and not read the catalog.
     */
    void pinnedChunksBlocking(Consumer<ChunkId> each);

    /**
     * Sums over the catalog.
     *
     * @param files file nodes in the tree
     * @param directories directory nodes in the tree, the root included
     * @param bytes sum of the sizes of all file nodes
     */
    record Totals(long files, long directories, long bytes) {}
}
