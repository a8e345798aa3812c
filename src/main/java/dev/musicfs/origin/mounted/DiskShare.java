package dev.musicfs.origin.mounted;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.disk.LocalDisk;
import dev.musicfs.runtime.Deadline;
import java.util.List;
import java.util.function.Supplier;

/**
 * A share as the kernel shows it. No file is kept open, so that nothing of a server that was restarted is held on to.
 * Whether it is still the share is asked after each look: one that goes away midway looks empty from then on.
 */
final class DiskShare implements Share {
    private final LocalDisk disk;
    private final ExpectedMount mounted;

    DiskShare(LocalDisk disk, ExpectedMount mounted) {
        this.disk = disk;
        this.mounted = mounted;
    }

    @Override
    public List<OriginEntry> listBlocking(RealPath directory, Runnable progress) {
        List<OriginEntry> found = unlessUnmounted(() -> disk.listBlocking(directory, progress));
        mounted.checkBlocking(directory.isRoot() && found.isEmpty());
        return found;
    }

    @Override
    public OriginEntry statBlocking(RealPath path, Deadline deadline) {
        OriginEntry found = unlessUnmounted(() -> disk.statBlocking(path));
        mounted.checkBlocking(false);
        return found;
    }

    /** The version says that it is the share's file. */
    @Override
    public byte[] readBlocking(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return unlessUnmounted(() -> disk.readBlocking(path, expected, range));
    }

    @Override
    public void probeBlocking(Deadline deadline) {
        boolean holdsSomething = disk.checkRootBlocking();
        mounted.checkBlocking(!holdsSomething);
    }

    /** Below the directory that an unmounted share leaves, everything is absent. */
    private <T> T unlessUnmounted(Supplier<T> work) {
        try {
            return work.get();
        } catch (MusicFsException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                mounted.checkBlocking(false);
            }
            throw e;
        }
    }
}
