package dev.musicfs.fuse;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.Errno;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import dev.musicfs.vfs.Namespace;
import dev.musicfs.vfs.VirtualFileSystem;
import org.jspecify.annotations.Nullable;

/** Everything that would change something: refused with EROFS, but for our own announcements, which it makes visible. */
final class WriteOperations {
    private final VirtualFileSystem vfs;
    private final Namespace namespace;
    private final NodePath paths;
    private final Caller caller;
    private final Announcements announcements;
    private final CallGuard guard;

    WriteOperations(
            VirtualFileSystem vfs, NodePath paths, Caller caller, Announcements announcements, CallGuard guard) {
        this.vfs = vfs;
        this.namespace = vfs.namespace();
        this.paths = paths;
        this.caller = caller;
        this.announcements = announcements;
        this.guard = guard;
    }

    /** {@code create} stays null: the kernel then makes files with {@code mknod}. */
    void register(OperationTable table) {
        table.set(OperationTable.MKNOD, (path, mode, device) -> guard.run(() -> created(path)));
        table.set(OperationTable.MKDIR, (path, mode) -> guard.run(() -> created(path)));
        table.set(OperationTable.UNLINK, (Upcall.One) path -> guard.run(() -> removed(path)));
        table.set(OperationTable.RMDIR, (Upcall.One) path -> guard.run(() -> removed(path)));
        table.set(OperationTable.RENAME, (from, to) -> guard.run(() -> moved(from, to)));
        table.set(OperationTable.TRUNCATE, (path, size) -> guard.run(() -> changed(path)));
        table.set(OperationTable.FTRUNCATE, (path, size, info) -> guard.run(() -> changedByHandle(info)));
        table.set(OperationTable.UTIMENS, (path, times) -> guard.run(() -> changed(path)));
        table.set(OperationTable.SYMLINK, (target, path) -> Errno.EROFS.negated());
        table.set(OperationTable.LINK, (from, to) -> Errno.EROFS.negated());
        table.set(OperationTable.CHMOD, (path, mode) -> Errno.EROFS.negated());
        table.set(OperationTable.CHOWN, (path, uid, gid) -> Errno.EROFS.negated());
        table.set(OperationTable.WRITE, (path, buffer, size, offset, info) -> Errno.EROFS.negated());
        table.set(OperationTable.SETXATTR, (path, name, value, size, flags) -> Errno.EROFS.negated());
        table.set(OperationTable.REMOVEXATTR, (path, name) -> Errno.EROFS.negated());
        table.set(OperationTable.FALLOCATE, (path, mode, offset, length, info) -> Errno.EROFS.negated());
    }

    /** Opens for writing, which only an announcement may do; the handle is the negated inode number. */
    int openForWriting(long path, long info) {
        if (announcement() == null) {
            return Errno.EROFS.negated();
        }
        NodeRow node = paths.require(path);
        vfs.forgetPages(node);
        FileInfo.setHandle(info, -node.id().value());
        return 0;
    }

    private int created(long path) {
        if (announcement() == null) {
            return Errno.EROFS.negated();
        }
        NodePath.Place place = paths.place(path);
        return answer(namespace.publishCreated(place.parent(), place.name()));
    }

    private int removed(long path) {
        if (announcement() == null) {
            return Errno.EROFS.negated();
        }
        NodePath.Place place = paths.place(path);
        return answer(namespace.publishRemoved(place.parent(), place.name()));
    }

    private int moved(long fromPath, long toPath) {
        if (announcement() == null) {
            return Errno.EROFS.negated();
        }
        NodePath.Place from = paths.place(fromPath);
        NodePath.Place to = paths.place(toPath);
        return answer(namespace.publishMoved(from.parent(), from.name(), to.parent(), to.name()));
    }

    private int changed(long path) {
        Announcements.Announcement announcement = announcement();
        return announcement == null ? Errno.EROFS.negated() : publish(announcement, paths.require(path));
    }

    private int changedByHandle(long info) {
        Announcements.Announcement announcement = announcement();
        long handle = FileInfo.handle(info);
        if (announcement == null || handle >= 0) {
            return Errno.EROFS.negated();
        }
        NodeRow node = namespace
                .node(new NodeId(-handle))
                .orElseThrow(() -> new MusicFsException(FailureKind.NOT_FOUND, "The announced file is gone."));
        return publish(announcement, node);
    }

    private int publish(Announcements.Announcement announcement, NodeRow node) {
        boolean published = announcement.publishChanged(namespace, node);
        vfs.forgetPages(node);
        return answer(published);
    }

    private Announcements.@Nullable Announcement announcement() {
        return announcements.of(caller.threadId());
    }

    private static int answer(boolean published) {
        Failpoints.hit(Failpoint.FUSE_ANNOUNCE_BEFORE_REPLY);
        return published ? 0 : Errno.EROFS.negated();
    }
}
