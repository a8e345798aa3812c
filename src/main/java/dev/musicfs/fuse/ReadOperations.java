package dev.musicfs.fuse;

import com.kenai.jffi.MemoryIO;
import dev.musicfs.catalog.CatalogReader.Totals;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.Errno;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.model.NodeId;
import dev.musicfs.vfs.Attributes;
import dev.musicfs.vfs.VirtualFileSystem;

/** Looking at files and reading them. Addresses are those libfuse passes, valid during the call. */
final class ReadOperations {
    private static final int STATVFS_BLOCK_BYTES = 4096;
    private static final int NAME_MAX_BYTES = 255;

    private final VirtualFileSystem vfs;
    private final NodePath paths;
    private final Caller caller;
    private final WriteOperations writes;
    private final CallGuard guard;
    private final DirectoryListing listing;

    ReadOperations(
            VirtualFileSystem vfs,
            NodePath paths,
            Caller caller,
            WriteOperations writes,
            KnownDirectories known,
            CallGuard guard) {
        this.vfs = vfs;
        this.paths = paths;
        this.caller = caller;
        this.writes = writes;
        this.guard = guard;
        this.listing = new DirectoryListing(vfs, known);
    }

    /** {@code access} stays null: the kernel asks once, hears ENOSYS and never asks again. */
    void register(OperationTable table) {
        table.set(
                OperationTable.GETATTR,
                (path, stat) -> guard.run(() -> {
                    StatLayout.write(stat, vfs.attributes(paths.require(path)));
                    return 0;
                }));
        table.set(
                OperationTable.FGETATTR,
                (path, stat, info) -> guard.run(() -> {
                    long handle = FileInfo.handle(info);
                    StatLayout.write(
                            stat, handle < 0 ? vfs.attributes(new NodeId(-handle)) : vfs.attributesOfHandle(handle));
                    return 0;
                }));
        table.set(OperationTable.OPEN, (path, info) -> guard.run(() -> open(path, info)));
        table.set(
                OperationTable.READ,
                (path, buffer, size, offset, info) -> guard.run(() -> read(buffer, size, offset, info)));
        table.set(
                OperationTable.RELEASE,
                (path, info) -> guard.run(() -> {
                    vfs.release(FileInfo.handle(info));
                    return 0;
                }));
        table.set(OperationTable.STATFS, (path, statvfs) -> guard.run(() -> statfs(statvfs)));
        table.set(OperationTable.OPENDIR, (path, info) -> guard.run(() -> openDirectory(path, info)));
        table.set(
                OperationTable.READDIR,
                (path, buffer, filler, offset, info) ->
                        guard.run(() -> listing.fill(new NodeId(FileInfo.handle(info)), buffer, filler)));
        table.set(OperationTable.RELEASEDIR, (path, info) -> 0);
    }

    private int open(long path, long info) {
        if (FileInfo.wantsToWrite(info)) {
            return writes.openForWriting(path, info);
        }
        NodeRow node = paths.require(path);
        if (!permitted(node)) {
            return Errno.EACCES.negated();
        }
        VirtualFileSystem.Opened opened = vfs.open(node.id());
        FileInfo.setHandle(info, opened.handle());
        if (opened.keepPages()) {
            FileInfo.keepCache(info);
        }
        if (opened.pastPages()) {
            FileInfo.directIo(info);
        }
        return 0;
    }

    private int read(long buffer, long size, long offset, long info) {
        int read = vfs.read(
                FileInfo.handle(info), NativeMemory.IO.newDirectByteBuffer(buffer, Math.toIntExact(size)), offset);
        Failpoints.hit(Failpoint.FUSE_READ_BEFORE_REPLY);
        return read;
    }

    private int openDirectory(long path, long info) {
        NodeRow node = paths.require(path);
        if (!permitted(node)) {
            return Errno.EACCES.negated();
        }
        FileInfo.setHandle(info, node.id().value());
        return 0;
    }

    private boolean permitted(NodeRow node) {
        Attributes attributes = vfs.attributes(node);
        return attributes.readableByEverybody() || attributes.readableBy(caller.uid(), caller.gid());
    }

    private int statfs(long statvfs) {
        Totals totals = vfs.statfs();
        MemoryIO io = NativeMemory.IO;
        long entries = totals.files() + totals.directories();
        long[] fields = {
            Attributes.BLOCK_SIZE_BYTES,
            STATVFS_BLOCK_BYTES,
            (totals.bytes() + STATVFS_BLOCK_BYTES - 1) / STATVFS_BLOCK_BYTES,
            0, // free blocks: nobody can write
            0,
            entries,
            0,
            0,
            0, // file system id: the kernel's own
            0,
            NAME_MAX_BYTES
        };
        for (int i = 0; i < fields.length; i++) {
            io.putLong(statvfs + i * 8L, fields[i]);
        }
        return 0;
    }
}
