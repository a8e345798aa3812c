package dev.musicfs.fuse;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.device.DescriptorDevice;
import dev.musicfs.fuse.device.Device;
import dev.musicfs.posix.CLibrary;
import java.nio.file.Path;

/** Mounts by libfuse, which knows how an ordinary user may, and takes the device from it. */
final class Connecting {
    private static final int ARGS_BYTES = 24;
    private static final int ARGS_VECTOR = 8;

    private Connecting() {}

    /** Mounts, in the place of a dead mount of ours if there is one. From now on requests wait in the kernel. */
    static Device mountBlocking(Path mountpoint, MountOptions options) {
        LibFuse fuse = NativeLibraries.fuse();
        try (NativeMemory program = NativeMemory.ofString("musicfs");
                NativeMemory flag = NativeMemory.ofString("-o");
                NativeMemory optionString = NativeMemory.ofString(options.asOptionString());
                NativeMemory vector = new NativeMemory(4 * 8);
                NativeMemory args = new NativeMemory(ARGS_BYTES)) {
            NativeMemory.IO.putAddress(vector.address(), program.address());
            NativeMemory.IO.putAddress(vector.address() + 8, flag.address());
            NativeMemory.IO.putAddress(vector.address() + 16, optionString.address());
            NativeMemory.IO.putAddress(args.address() + ARGS_VECTOR, 0);
            long channel = channelBlocking(mountpoint, fuse, path -> {
                // It takes out of them what it understands: each time they are given anew.
                fuse.fuse_opt_free_args(args.address());
                NativeMemory.IO.putInt(args.address(), 3);
                NativeMemory.IO.putAddress(args.address() + ARGS_VECTOR, vector.address());
                return fuse.fuse_mount(CLibrary.cString(path.toString()), args.address());
            });
            fuse.fuse_opt_free_args(args.address());
            if (channel == 0) {
                throw new MusicFsException(
                        FailureKind.REJECTED,
                        mountpoint
                                + " cannot be mounted; see libfuse's line above, and whether you own the directory.");
            }
            return deviceBlocking(mountpoint, fuse, channel);
        }
    }

    private static Device deviceBlocking(Path mountpoint, LibFuse fuse, long channel) {
        boolean taken = false;
        try {
            Device device = DescriptorDevice.copyOf(fuse.fuse_chan_fd(channel));
            taken = true;
            return device;
        } finally {
            fuse.fuse_chan_destroy(channel); // and its own descriptor, which programs started from here would inherit
            if (!taken) {
                Unmounter.detach(mountpoint);
            }
        }
    }

    private static long channelBlocking(Path mountpoint, LibFuse fuse, Replacement.Mounting mounting) {
        if (Mountpoint.isStale(mountpoint)) {
            long channel = Replacement.mountBlocking(mountpoint, mounting, fuse::fuse_chan_destroy);
            if (channel != 0) {
                return channel;
            }
            Mountpoint.repairIfStale(mountpoint);
        }
        return mounting.at(mountpoint);
    }
}
