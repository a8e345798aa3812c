package dev.musicfs.fuse.node;

import dev.musicfs.catalog.CatalogReader.Totals;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.Errno;
import dev.musicfs.fuse.device.FuseReply;
import dev.musicfs.fuse.device.RequestHandler;
import dev.musicfs.fuse.protocol.FuseRequest;
import dev.musicfs.fuse.protocol.Negotiation;
import dev.musicfs.fuse.protocol.ReplyBody.OpenOut;
import dev.musicfs.fuse.protocol.ReplyBody.StatfsOut;
import dev.musicfs.fuse.protocol.RequestBody.ForgetIn;
import dev.musicfs.model.NodeId;
import dev.musicfs.vfs.Attributes;
import dev.musicfs.vfs.VirtualFileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Answers the kernel's requests from a {@link VirtualFileSystem}. A node's number is the inode number. For many threads. */
public final class NodeOperations implements RequestHandler {
    private static final int STATVFS_BLOCK_BYTES = 4096;
    private static final int NAME_MAX_BYTES = 255;
    private static final int W_OK = 2;

    private final VirtualFileSystem vfs;
    private final NodeTable nodes = new NodeTable();
    private final NodeViews views;
    private final Listings listings;
    private final Changes changes;
    private final OpenFiles files;
    private final ExtendedAttributes attributes;
    private final Failures failures;
    private final Announcements announcements = new Announcements();
    private final MountAnnouncer announcer;
    private volatile boolean opensDirectories = true;

    /**
     * @param mountpoint through which changes are announced
     * @param kernelCache how long the kernel may keep names and attributes
     * @param defects told, on the thread that answers, of every failure that is a defect of the program; the request has
     *     failed with {@code EIO} and everything goes on
     */
    public NodeOperations(Path mountpoint, Duration kernelCache, VirtualFileSystem vfs, Consumer<Throwable> defects) {
        this.vfs = vfs;
        this.failures = new Failures(defects);
        ListingPlaces places = new ListingPlaces();
        this.announcer = new MountAnnouncer(mountpoint, announcements, nodes);
        this.views = new NodeViews(vfs, nodes, announcements, kernelCache);
        this.listings = new Listings(vfs, nodes, views, places);
        this.changes = new Changes(vfs, nodes, views, places, announcements);
        this.files = new OpenFiles(vfs, views, changes, failures);
        this.attributes = new ExtendedAttributes(vfs);
    }

    /** Tells the kernel of changes, once it is enabled. */
    public MountAnnouncer announcer() {
        return announcer;
    }

    /** Which threads announce at present. */
    Announcements announcements() {
        return announcements;
    }

    @Override
    public void begin(Negotiation agreed) {
        // It is not asked who opens a directory then.
        opensDirectories = !agreed.has(Negotiation.FUSE_NO_OPENDIR_SUPPORT) || !vfs.everybodyLists();
    }

    @Override
    public void handle(FuseRequest request, FuseReply reply, boolean mayBlock) {
        failures.guard(reply, () -> answer(request, reply, mayBlock));
    }

    private void answer(FuseRequest request, FuseReply reply, boolean mayBlock) {
        switch (request.opcode()) {
            case LOOKUP -> lookup(request, reply);
            case GETATTR -> getAttributes(request, reply);
            case OPEN -> files.open(request, reply);
            case READ -> files.read(request, reply, mayBlock);
            case RELEASE -> files.release(request, reply);
            case OPENDIR -> openDirectory(request, reply);
            case READDIR -> listings.read(request, reply, false);
            case READDIRPLUS -> listings.read(request, reply, true);
            case RELEASEDIR -> done(reply.ok());
            case FORGET, BATCH_FORGET -> forget(request, reply);
            case ACCESS -> access(request, reply);
            case STATFS -> done(reply.body(statfs()));
            case GETXATTR -> attributes.get(request, reply);
            case LISTXATTR -> attributes.list(request, reply);
            case MKNOD, MKDIR -> changes.create(request, reply);
            case UNLINK, RMDIR -> changes.remove(request, reply);
            case RENAME, RENAME2 -> changes.move(request, reply);
            case SETATTR -> changes.change(request, reply);
            case CREATE, SYMLINK, LINK, WRITE, SETXATTR, REMOVEXATTR, FALLOCATE, TMPFILE -> Changes.refuse(reply);
            // The kernel does these itself then, and does not ask again: holes there are none, locks are its own.
            default -> done(reply.error(Errno.ENOSYS));
        }
    }

    /** Whether the kernel has taken an answer that hands nothing over makes no difference. */
    private static void done(boolean unusedTaken) {}

    private void lookup(FuseRequest request, FuseReply reply) {
        NodeId parent = NodeViews.idOf(request);
        nodes.asked(parent);
        String name = NodeViews.textOf(request.name());
        boolean byHandle = ".".equals(name) || "..".equals(name);
        if (!byHandle && !views.maySearch(request, parent)) {
            done(reply.error(Errno.EACCES));
            return;
        }
        Optional<NodeRow> found = name == null ? Optional.empty() : find(parent, name);
        if (found.isPresent()) {
            views.answer(reply, found.get());
        } else if (name == null || byHandle) {
            done(reply.error(Errno.ENOENT));
        } else {
            done(reply.body(views.absent()));
        }
    }

    /** A handle of NFS is asked for by the node's own number, which the kernel may have forgotten. */
    private Optional<NodeRow> find(NodeId parent, String name) {
        return switch (name) {
            case "." -> byNumber(parent);
            case ".." ->
                vfs.namespace().node(parent).flatMap(row -> vfs.namespace().node(row.parent()));
            default -> vfs.lookup(parent, name);
        };
    }

    private Optional<NodeRow> byNumber(NodeId node) {
        Optional<NodeRow> found = vfs.namespace().node(node);
        if (found.isEmpty() || found.get().isDirectory()) {
            return found;
        }
        nodes.reachedInto(found.get().parent());
        return vfs.namespace().node(node);
    }

    private void getAttributes(FuseRequest request, FuseReply reply) {
        NodeId id = NodeViews.idOf(request);
        nodes.asked(id);
        done(reply.body(views.attributes(vfs.node(id))));
    }

    private void openDirectory(FuseRequest request, FuseReply reply) {
        NodeId id = NodeViews.idOf(request);
        nodes.asked(id);
        if (!opensDirectories) {
            done(reply.error(Errno.ENOSYS));
        } else if (request.openIn().wantsToWrite()) {
            done(reply.error(Errno.EISDIR));
        } else if (views.permits(request, vfs.node(id), Attributes.READ)) {
            done(reply.body(new OpenOut(0, OpenOut.FOPEN_CACHE_DIR | OpenOut.FOPEN_KEEP_CACHE)));
        } else {
            done(reply.error(Errno.EACCES));
        }
    }

    private void forget(FuseRequest request, FuseReply reply) {
        for (ForgetIn each : request.forgets()) {
            nodes.forgotten(each.nodeid(), each.nlookup());
        }
        reply.none();
    }

    private void access(FuseRequest request, FuseReply reply) {
        int mask = request.accessIn().mask();
        if ((mask & W_OK) != 0) {
            done(reply.error(Errno.EROFS));
            return;
        }
        NodeRow node = vfs.node(NodeViews.idOf(request));
        boolean permitted = views.permits(request, node, mask & (Attributes.READ | Attributes.EXECUTE));
        done(permitted ? reply.ok() : reply.error(Errno.EACCES));
    }

    private StatfsOut statfs() {
        Totals totals = vfs.statfs();
        return new StatfsOut(
                (totals.bytes() + STATVFS_BLOCK_BYTES - 1) / STATVFS_BLOCK_BYTES,
                totals.files() + totals.directories(),
                Attributes.BLOCK_SIZE_BYTES,
                NAME_MAX_BYTES,
                STATVFS_BLOCK_BYTES);
    }
}
