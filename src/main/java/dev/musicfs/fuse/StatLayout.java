package dev.musicfs.fuse;

import com.kenai.jffi.MemoryIO;
import dev.musicfs.vfs.Attributes;
import jnr.ffi.Struct;
import ru.serce.jnrfuse.struct.FileStat;

/** Writes {@code struct stat}; the offsets are jnr-fuse's. */
final class StatLayout {
    private static final int S_IFDIR = 0040000;
    private static final int S_IFREG = 0100000;
    private static final long NANOS = 1_000_000_000L;

    private static final FileStat LAYOUT = new FileStat(jnr.ffi.Runtime.getSystemRuntime());
    static final int SIZE_BYTES = Struct.size(LAYOUT);
    private static final long INO = LAYOUT.st_ino.offset();
    private static final long NLINK = LAYOUT.st_nlink.offset();
    private static final long MODE = LAYOUT.st_mode.offset();
    private static final long UID = LAYOUT.st_uid.offset();
    private static final long GID = LAYOUT.st_gid.offset();
    private static final long SIZE = LAYOUT.st_size.offset();
    private static final long BLKSIZE = LAYOUT.st_blksize.offset();
    private static final long BLOCKS = LAYOUT.st_blocks.offset();
    private static final long[] TIMES = {
        LAYOUT.st_atim.tv_sec.offset(), LAYOUT.st_mtim.tv_sec.offset(), LAYOUT.st_ctim.tv_sec.offset()
    };

    private StatLayout() {}

    /** Fills the struct at this address; everything else in it is zero. */
    static void write(long stat, Attributes attributes) {
        MemoryIO io = NativeMemory.IO;
        io.setMemory(stat, SIZE_BYTES, (byte) 0);
        io.putLong(stat + INO, attributes.inode());
        // 4 or 8 bytes wide, depending on the machine: the upper half is zero already.
        io.putInt(stat + NLINK, Attributes.LINKS);
        io.putInt(stat + MODE, mode(attributes));
        io.putInt(stat + UID, attributes.uid());
        io.putInt(stat + GID, attributes.gid());
        io.putLong(stat + SIZE, attributes.sizeBytes());
        io.putInt(stat + BLKSIZE, Attributes.BLOCK_SIZE_BYTES);
        io.putLong(stat + BLOCKS, attributes.blocks());
        long seconds = Math.floorDiv(attributes.mtimeNanos(), NANOS);
        long nanos = Math.floorMod(attributes.mtimeNanos(), NANOS);
        for (long time : TIMES) {
            io.putLong(stat + time, seconds);
            io.putLong(stat + time + 8, nanos);
        }
    }

    /** Fills in only what a directory listing carries. */
    static void writeTypeAndInode(long stat, long inode, boolean directory) {
        NativeMemory.IO.putLong(stat + INO, inode);
        NativeMemory.IO.putInt(stat + MODE, directory ? S_IFDIR : S_IFREG);
    }

    private static int mode(Attributes attributes) {
        return (attributes.directory() ? S_IFDIR : S_IFREG) | attributes.permissions();
    }
}
