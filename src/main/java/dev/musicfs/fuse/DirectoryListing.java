package dev.musicfs.fuse;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Type;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import dev.musicfs.vfs.VirtualFileSystem;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Hands a directory to libfuse, which keeps it until the directory is closed: complete at once, read page by page. */
final class DirectoryListing {
    private static final int PAGE = 1000;
    /** Longer than any name the kernel accepts. */
    private static final int NAME_BYTES = 1024;

    private static final int ENOMEM = 12;
    private static final CallContext FILLER = CallContext.getCallContext(
            Type.SINT32,
            new Type[] {Type.POINTER, Type.POINTER, Type.POINTER, Type.SINT64},
            CallingConvention.DEFAULT,
            false);

    private final VirtualFileSystem vfs;
    private final KnownDirectories known;

    DirectoryListing(VirtualFileSystem vfs, KnownDirectories known) {
        this.vfs = vfs;
        this.known = known;
    }

    /** Calls {@code filler} (a {@code fuse_fill_dir_t}) with every entry; 0 or a negated error number. */
    int fill(NodeId directory, long buffer, long filler) {
        known.add(directory);
        NodeRow row = vfs.namespace()
                .node(directory)
                .orElseThrow(() -> new MusicFsException(FailureKind.NOT_FOUND, "The directory is gone."));
        // One block: the name, then the stat.
        try (NativeMemory scratch = new NativeMemory(NAME_BYTES + StatLayout.SIZE_BYTES)) {
            boolean room = add(scratch, buffer, filler, ".", row.id(), true)
                    && add(scratch, buffer, filler, "..", row.parent(), true);
            String after = "";
            while (room) {
                List<NodeRow> page = vfs.children(directory, after, PAGE);
                for (int i = 0; i < page.size() && room; i++) {
                    NodeRow child = page.get(i);
                    room = add(scratch, buffer, filler, child.name(), child.id(), child.isDirectory());
                }
                if (page.size() < PAGE) {
                    break;
                }
                after = page.get(page.size() - 1).name();
            }
            return room ? 0 : -ENOMEM;
        }
    }

    private static boolean add(
            NativeMemory scratch, long buffer, long filler, String name, NodeId inode, boolean directory) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= NAME_BYTES) {
            return true;
        }
        long cName = scratch.address();
        NativeMemory.IO.putByteArray(cName, bytes, 0, bytes.length);
        NativeMemory.IO.putByte(cName + bytes.length, (byte) 0);
        long stat = cName + NAME_BYTES;
        StatLayout.writeTypeAndInode(stat, inode.value(), directory);
        return (int) Invoker.getInstance().invokeN4(FILLER, filler, buffer, cName, stat, 0) == 0;
    }
}
