package dev.musicfs.fuse;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.posix.CLibrary;
import dev.musicfs.runtime.Clock;
import java.nio.file.Path;
import java.util.function.Consumer;

/** libfuse's side of one mount: made in the constructor, freed in {@link #close} when no thread is in it any more. */
final class Session implements AutoCloseable {
    private static final int ARGS_BYTES = 24;
    private static final int ARGS_VECTOR = 8;

    private final LibFuse fuse;
    private final long filesystem;
    private final DirectoryRequests requests;
    private final SessionLoop loop;

    /**
     * Mounts; from now on requests wait in the kernel until the loop is started.
     *
     * @param anybodyLists whether everybody who can reach a directory may list it
     * @param defects told of what a FUSE thread died of
     */
    Session(
            Path mountpoint,
            MountOptions options,
            OperationTable operations,
            CallCounts counts,
            boolean anybodyLists,
            Consumer<Throwable> defects) {
        this.fuse = NativeLibraries.fuse();
        try (NativeMemory program = NativeMemory.ofString("musicfs");
                NativeMemory flag = NativeMemory.ofString("-o");
                NativeMemory optionString = NativeMemory.ofString(options.asOptionString());
                NativeMemory vector = new NativeMemory(4 * 8);
                NativeMemory args = new NativeMemory(ARGS_BYTES)) {
            NativeMemory.IO.putAddress(vector.address(), program.address());
            NativeMemory.IO.putAddress(vector.address() + 8, flag.address());
            NativeMemory.IO.putAddress(vector.address() + 16, optionString.address());
            NativeMemory.IO.putAddress(args.address() + ARGS_VECTOR, 0);
            long channel = mount(mountpoint, path -> {
                // It takes out of them what it understands: each time they are given anew.
                fuse.fuse_opt_free_args(args.address());
                NativeMemory.IO.putInt(args.address(), 3);
                NativeMemory.IO.putAddress(args.address() + ARGS_VECTOR, vector.address());
                return fuse.fuse_mount(CLibrary.cString(path.toString()), args.address());
            });
            if (channel == 0) {
                fuse.fuse_opt_free_args(args.address());
                throw new MusicFsException(
                        FailureKind.REJECTED,
                        mountpoint
                                + " cannot be mounted; see libfuse's line above, and whether you own the directory.");
            }
            this.filesystem = FuseNew.call(channel, args.address(), operations.address(), OperationTable.SIZE_BYTES);
            fuse.fuse_opt_free_args(args.address());
            if (filesystem == 0) {
                Unmounter.detach(mountpoint);
                fuse.fuse_chan_destroy(channel);
                throw new MusicFsException(FailureKind.INTERNAL, "libfuse refused the mount options.");
            }
            long session = fuse.fuse_get_session(filesystem);
            this.requests = new DirectoryRequests(fuse, session, channel, operations, anybodyLists);
            this.loop = new SessionLoop(
                    fuse, session, channel, requests, new AdmissionQueue(Clock.system()), counts, defects);
        }
    }

    private long mount(Path mountpoint, Replacement.Mounting mounting) {
        if (Mountpoint.isStale(mountpoint)) {
            long channel = Replacement.mountBlocking(mountpoint, mounting, fuse::fuse_chan_destroy);
            if (channel != 0) {
                return channel;
            }
            Mountpoint.repairIfStale(mountpoint);
        }
        return mounting.at(mountpoint);
    }

    SessionLoop loop() {
        return loop;
    }

    /** Directory streams opened on behalf of a kernel that does not ask. */
    long directoryOpens() {
        return requests.streams().openCount();
    }

    @Override
    public void close() {
        requests.close();
        fuse.fuse_destroy(filesystem);
    }
}
