package dev.musicfs.vfs;

import dev.musicfs.catalog.CatalogReader.Totals;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.file.CachedFile;
import dev.musicfs.content.file.ContentVerticle;
import dev.musicfs.content.file.OpenFile;
import dev.musicfs.content.file.OpenRequest;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The filesystem without a binding: operations on inode numbers. What is in memory, in the catalog or on a disk of this
 * machine is answered at once, or throws {@link MusicFsException}; what takes longer is a future, which fails with one. To
 * be called on any thread but an event loop; no thread waits for a reply.
 */
public final class VirtualFileSystem implements AutoCloseable {
    /** One EiB: what some server says of its files may add up to more than a number holds. */
    private static final long MOST_BYTES = 1L << 60;

    /** Open files at one time, unless said otherwise. */
    public static final int DEFAULT_MAX_OPEN_FILES = 65_536;

    private final Namespace namespace;
    private final ContentPort port;
    private final DiskReads disks;
    private final Presentation look;
    private final Duration patience;
    private final Optional<FileFacts> facts;
    private final OpenFileTable openFiles;
    private final CachedVersions cachedVersions = new CachedVersions();

    /** As the other constructor, without extended attributes. */
    public VirtualFileSystem(
            Namespace namespace, ContentPort port, Presentation look, Duration patience, int maxOpenFiles) {
        this(namespace, port, look, patience, maxOpenFiles, Optional.empty());
    }

    /**
     * @param patience how long one operation may wait for an origin
     * @param maxOpenFiles beyond it, opening fails with {@code UNAVAILABLE}
     * @param facts the extended attributes of files; empty when there are none at all
     */
    public VirtualFileSystem(
            Namespace namespace,
            ContentPort port,
            Presentation look,
            Duration patience,
            int maxOpenFiles,
            Optional<FileFacts> facts) {
        this.namespace = namespace;
        this.port = port;
        this.disks = new DiskReads(port);
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

    /** Whether everybody may list every directory and find every entry, so that nobody need be asked who he is. */
    public boolean everybodyLists() {
        return (look.dirMode() & 0555) == 0555;
    }

    /** What stat(2) says about a node at hand. */
    public Attributes attributes(NodeRow node) {
        return Attributes.of(node, look);
    }

    /**
     * A node: as the tree has it, and when that has it no more but somebody has it open, as it was opened; {@code NOT_FOUND}
     * otherwise.
     */
    public NodeRow node(NodeId node) {
        return namespace.node(node).or(() -> openFiles.rowOf(node)).orElseThrow(() -> missing(node));
    }

    /** The entry of a directory with exactly this name. */
    public Optional<NodeRow> lookup(NodeId parent, String name) {
        return namespace.lookup(parent, name);
    }

    /** One page of a directory; see {@link Namespace#children}. */
    public List<NodeRow> children(NodeId directory, String afterName, int limit) {
        return namespace.children(directory, afterName, limit);
    }

    /** How long an operation may wait for an origin. */
    public Duration patience() {
        return patience;
    }

    /** When the patience of an operation that begins now ends. */
    public Deadline deadline() {
        return Deadline.in(patience);
    }

    /**
     * Opens a file for reading. Fails as {@link dev.musicfs.content.file.FileOpener#open} and {@link ContentPort#ask} do; the
     * handle is whoever's who asked, to be released also when nobody wants it any more.
     */
    public Future<Opened> open(NodeId node, Deadline deadline) {
        NodeRow row = require(node);
        if (row.isDirectory()) {
            throw new MusicFsException(FailureKind.INVALID, "Inode " + node.value() + " is a directory.");
        }
        openFiles.reserve();
        OpenRequest request = new OpenRequest(row.fileId(), deadline);
        Promise<Opened> outcome = Promise.promise();
        port.ask(ContentVerticle.OPEN, request, OpenRequest.class, deadline).onComplete(reply -> {
            Opened opened;
            try {
                if (reply.failed()) {
                    throw MusicFsException.wrap(row.name() + " cannot be opened", reply.cause());
                }
                opened = take(row, request);
            } catch (MusicFsException e) {
                openFiles.cancelReservation();
                request.abandon();
                outcome.fail(e);
                return;
            }
            outcome.complete(opened);
        });
        return outcome.future();
    }

    private Opened take(NodeRow row, OpenRequest request) {
        OpenFile file = request.take();
        if (file == null) {
            throw new MusicFsException(FailureKind.INTERNAL, "The reply to an opening held no file.");
        }
        if (file.version().sizeBytes() != row.sizeBytes()) {
            throw new MusicFsException(
                    FailureKind.STALE, row.name() + " is about to be shown with another size; open it again.");
        }
        long handle = openFiles.put(row, file);
        if (file.version().mtimeNanos() != row.mtimeNanos() || openFiles.isOpenAtSeveralVersions(row.id())) {
            cachedVersions.forget(row);
            return new Opened(handle, false, true);
        }
        return new Opened(handle, cachedVersions.opened(row), false);
    }

    /**
     * Reads from {@code offset} into {@code target} as far as the file goes. What is on a disk of this machine is read on this
     * thread, if that may wait for one; everything else completes on another.
     *
     * <p>A file whose new version is shown already and is longer fails with {@code STALE} at its old end: the kernel
     * would take that for the end of the new version.
     *
     * @param size as much is read at most, {@link CachedFile#MAX_READ_BYTES} itself at most
     * @param mayBlock whether this thread may wait for a disk
     * @return how many bytes were read, 0 at or past the end; once it completes nobody uses the target any more
     */
    public Future<Integer> read(
            long handle, long offset, int size, ReadTarget target, Deadline deadline, boolean mayBlock) {
        if (offset < 0 || size < 0 || size > CachedFile.MAX_READ_BYTES) {
            throw new MusicFsException(FailureKind.INVALID, "A negative offset or too much was asked for.");
        }
        OpenFileTable.Entry entry = openFiles.get(handle);
        return new Reading(port, disks, namespace, entry, offset, size, target, deadline).begin(mayBlock);
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
        return namespace.node(node).orElseThrow(() -> missing(node));
    }

    private static MusicFsException missing(NodeId node) {
        return new MusicFsException(FailureKind.NOT_FOUND, "There is no inode " + node.value() + " any more.");
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
