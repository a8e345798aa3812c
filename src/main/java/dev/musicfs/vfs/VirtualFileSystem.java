package dev.musicfs.vfs;

import dev.musicfs.catalog.CatalogReader.Totals;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.fetch.ReadReply;
import dev.musicfs.content.file.CachedFile;
import dev.musicfs.content.file.ContentVerticle;
import dev.musicfs.content.file.DirectFile;
import dev.musicfs.content.file.OpenFile;
import dev.musicfs.content.file.OpenRequest;
import dev.musicfs.content.file.ReadRequest;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.NodeId;
import dev.musicfs.runtime.Deadline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The filesystem without a binding: operations on inode numbers, which answer or throw {@link MusicFsException}. They
 * run on threads that may wait and wait no longer than the configured patience.
 */
public final class VirtualFileSystem implements AutoCloseable {
    /** One EiB: what some server says of its files may add up to more than a number holds. */
    private static final long MOST_BYTES = 1L << 60;

    /** Open files at one time, unless said otherwise. */
    public static final int DEFAULT_MAX_OPEN_FILES = 65_536;

    private final Namespace namespace;
    private final Waiter waiter;
    private final Presentation look;
    private final Duration patience;
    private final Optional<FileFacts> facts;
    private final OpenFileTable openFiles;
    private final CachedVersions cachedVersions = new CachedVersions();

    /** As the other constructor, without extended attributes. */
    public VirtualFileSystem(
            Namespace namespace, Waiter waiter, Presentation look, Duration patience, int maxOpenFiles) {
        this(namespace, waiter, look, patience, maxOpenFiles, Optional.empty());
    }

    /**
     * @param patience how long one operation may wait for an origin
     * @param maxOpenFiles beyond it, opening fails with {@code UNAVAILABLE}
     * @param facts the extended attributes of files; empty when there are none at all
     */
    public VirtualFileSystem(
            Namespace namespace,
            Waiter waiter,
            Presentation look,
            Duration patience,
            int maxOpenFiles,
            Optional<FileFacts> facts) {
        this.namespace = namespace;
        this.waiter = waiter;
        this.look = look;
        this.patience = patience;
        this.facts = facts;
        this.openFiles = new OpenFileTable(maxOpenFiles);
    }

    /** The tree, for lookups and for publishing. */
    public Namespace namespace() {
        return namespace;
    }

    /** The extended attributes of files; empty when there are none at all. */
    public Optional<FileFacts> facts() {
        return facts;
    }

    /** Whether everybody may list every directory. */
    public boolean everybodyLists() {
        return (look.dirMode() & 0005) == 0005;
    }

    /** What stat(2) says about a node at hand. */
    public Attributes attributes(NodeRow node) {
        return Attributes.of(node, look);
    }

    /** What stat(2) says about a node; {@code NOT_FOUND} without it. */
    public Attributes attributes(NodeId node) {
        return attributes(require(node));
    }

    /** What fstat(2) says about an open file: the tree's view while it is there, that of its opening afterwards. */
    public Attributes attributesOfHandle(long handle) {
        NodeRow opened = openFiles.get(handle).node();
        return attributes(namespace.node(opened.id()).orElse(opened));
    }

    /** The entry of a directory with exactly this name. */
    public Optional<NodeRow> lookup(NodeId parent, String name) {
        return namespace.lookup(parent, name);
    }

    /** One page of a directory; see {@link Namespace#children}. */
    public List<NodeRow> children(NodeId directory, String afterName, int limit) {
        return namespace.children(directory, afterName, limit);
    }

    /** Opens a file for reading. Fails as {@link dev.musicfs.content.file.FileOpener#open}, and see {@link Waiter#await}. */
    public Opened open(NodeId node) {
        NodeRow row = require(node);
        if (row.isDirectory()) {
            throw new MusicFsException(FailureKind.INVALID, "Inode " + node.value() + " is a directory.");
        }
        openFiles.reserve();
        boolean taken = false;
        Deadline deadline = waiter.deadline(patience);
        OpenRequest request = new OpenRequest(row.fileId(), deadline);
        try {
            waiter.await(ContentVerticle.OPEN, request, OpenRequest.class, deadline);
            OpenFile file = request.take();
            if (file == null) {
                throw new MusicFsException(FailureKind.INTERNAL, "The reply to an opening held no file.");
            }
            if (file.version().sizeBytes() != row.sizeBytes()) {
                throw new MusicFsException(
                        FailureKind.STALE, row.name() + " is about to be shown with another size; open it again.");
            }
            long handle = openFiles.put(row, file);
            taken = true;
            if (file.version().mtimeNanos() != row.mtimeNanos() || openFiles.isOpenAtSeveralVersions(row.id())) {
                cachedVersions.forget(row);
                return new Opened(handle, false, true);
            }
            return new Opened(handle, cachedVersions.opened(row), false);
        } finally {
            if (!taken) {
                openFiles.cancelReservation();
                request.abandon();
            }
        }
    }

    /**
     * Fills {@code dst} from {@code offset} as far as the file goes.
     *
     * <p>A file whose new version is shown already and is longer fails with {@code STALE} at its old end: the kernel
     * would take that for the end of the new version.
     *
     * @return how many bytes were read, 0 at or past the end
     */
    public int read(long handle, ByteBuffer dst, long offset) {
        if (offset < 0) {
            throw new MusicFsException(FailureKind.INVALID, "A negative offset was asked for.");
        }
        OpenFileTable.Entry entry = openFiles.get(handle);
        int wanted = dst.remaining();
        int read = read(entry.file(), dst, offset);
        if (read < wanted) {
            long end = offset + read;
            namespace
                    .node(entry.node().id())
                    .filter(now -> now.sizeBytes() > entry.file().version().sizeBytes() && now.sizeBytes() > end)
                    .ifPresent(now -> {
                        throw new MusicFsException(
                                FailureKind.STALE, now.name() + " is open at an older, shorter version.");
                    });
        }
        return read;
    }

    private int read(OpenFile file, ByteBuffer dst, long offset) {
        if (file instanceof DirectFile direct) {
            CachedFile fallback = direct.fallbackOrNull();
            return fallback == null ? read(direct, dst, offset) : read(fallback, dst, offset);
        }
        return read((CachedFile) file, dst, offset);
    }

    /** When the disk fails, the other copies of the file go on at the same place. */
    private int read(DirectFile file, ByteBuffer dst, long offset) {
        int start = dst.position();
        try {
            return file.readBlocking(dst, offset);
        } catch (MusicFsException failure) {
            if (!file.canBeReplacedAfter(failure)) {
                throw failure;
            }
            CachedFile fallback = fallback(file, failure);
            dst.position(start);
            return read(fallback, dst, offset);
        }
    }

    private CachedFile fallback(DirectFile file, MusicFsException failure) {
        try {
            waiter.await(ContentVerticle.FALLBACK, file, DirectFile.class, waiter.deadline(patience));
        } catch (MusicFsException e) {
            failure.addSuppressed(e);
        }
        CachedFile fallback = file.fallbackOrNull();
        if (fallback == null) {
            throw failure;
        }
        return fallback;
    }

    private int read(CachedFile cached, ByteBuffer dst, long offset) {
        int limit = dst.limit();
        int total = 0;
        try {
            while (dst.position() < limit) {
                int start = dst.position();
                dst.limit(Math.min(limit, start + CachedFile.MAX_READ_BYTES));
                int read = readStep(cached, dst, offset + total);
                if (read == 0) {
                    break;
                }
                dst.position(start + read);
                total += read;
            }
            return total;
        } finally {
            dst.limit(limit);
        }
    }

    /** The reply is copied here, on the reader's thread: nobody writes to {@code dst} once this is over. */
    private int readStep(CachedFile file, ByteBuffer dst, long offset) {
        int read = file.readPresentBlocking(dst, offset);
        if (read != CachedFile.MISSING) {
            return read;
        }
        Deadline deadline = waiter.deadline(patience);
        ByteRange range =
                new ByteRange(offset, dst.remaining()).within(file.version().sizeBytes());
        for (int round = 0; ; round++) {
            ReadRequest request = new ReadRequest(file, range, round > 1, deadline);
            ReadReply reply = waiter.await(ContentVerticle.READ, request, ReadReply.class, deadline);
            read = file.takeBlocking(reply, dst);
            if (read != CachedFile.MISSING) {
                return read;
            }
        }
    }

    /** Closes a handle; one that is not open is ignored. */
    public void release(long handle) {
        openFiles.close(handle);
    }

    /** The kernel's pages of this file are not to be trusted at its next opening. */
    public void forgetPages(NodeRow node) {
        cachedVersions.forget(node);
    }

    /** Sums for statfs(2); the bytes are no more than the kernel can count blocks of. */
    public Totals statfs() {
        Totals all = namespace.totals();
        return all.bytes() >= 0 && all.bytes() <= MOST_BYTES
                ? all
                : new Totals(all.files(), all.directories(), MOST_BYTES);
    }

    /** Files open at present. */
    public int openFileCount() {
        return openFiles.size();
    }

    /** From now on opening fails with {@code UNAVAILABLE}; what is open can be read on, and everything be looked at. */
    public void refuseOpenings() {
        openFiles.refuse();
    }

    /** Closes all files that are still open; no operation may be running. */
    @Override
    public void close() {
        openFiles.closeAll();
    }

    private NodeRow require(NodeId node) {
        return namespace
                .node(node)
                .orElseThrow(() -> new MusicFsException(
                        FailureKind.NOT_FOUND, "There is no inode " + node.value() + " any more."));
    }

    /**
     * An open file.
     *
     * @param handle for {@link #read} and {@link #release}
     * @param keepPages whether pages the kernel has from the previous opening are still right
     * @param pastPages whether it must be read past the kernel's pages, since those may be another version's as long as
     *     that is open
     */
    public record Opened(long handle, boolean keepPages, boolean pastPages) {}
}
