package dev.musicfs.origin.mounted;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.posix.LocalDisk;
import dev.musicfs.runtime.Deadline;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A share as the kernel shows it. No file is kept open, so that nothing of a server that was restarted is held on to;
 * a handle it has forgotten and a connection it has dropped are tried anew, each time from the path.
 */
final class DiskShare implements Share {
    private static final int MOST_TRIES = 3;
    // The JDK gives errno only as strerror(3) text: ESTALE, ENOTCONN, EIO, EHOSTDOWN, ECONNABORTED, ECONNRESET.
    private static final Set<String> LOST = Set.of(
            "Stale file handle",
            "Transport endpoint is not connected",
            "Input/output error",
            "Host is down",
            "Software caused connection abort",
            "Connection reset by peer");

    private final LocalDisk disk;
    private final MountSight mounted;

    DiskShare(LocalDisk disk, MountSight mounted) {
        this.disk = disk;
        this.mounted = mounted;
    }

    @Override
    public List<OriginEntry> listBlocking(RealPath directory, Runnable progress) {
        return tried(null, () -> {
            List<OriginEntry> found = disk.listBlocking(directory, progress);
            // Afterwards: a share that goes away midway looks empty from then on.
            mounted.checkBlocking(directory.isRoot() && found.isEmpty());
            return found;
        });
    }

    @Override
    public OriginEntry statBlocking(RealPath path, Deadline deadline) {
        return tried(deadline, () -> {
            OriginEntry found = disk.statBlocking(path);
            mounted.checkBlocking(false);
            return found;
        });
    }

    @Override
    public byte[] readBlocking(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return tried(deadline, () -> disk.readBlocking(path, expected, range));
    }

    @Override
    public void probeBlocking(Deadline deadline) {
        tried(deadline, () -> {
            mounted.checkBlocking(!disk.checkRootBlocking());
            return true;
        });
    }

    private <T> T tried(@Nullable Deadline deadline, Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (MusicFsException e) {
                if (e.kind() == FailureKind.NOT_FOUND) {
                    // Under an unmounted share everything is absent.
                    mounted.checkBlocking(false);
                    throw e;
                }
                if (!isLost(e)) {
                    throw e;
                }
                if (attempt == MOST_TRIES || (deadline != null && deadline.expired())) {
                    throw new MusicFsException(FailureKind.UNAVAILABLE, String.valueOf(e.getMessage()), e);
                }
            }
        }
    }

    private static boolean isLost(MusicFsException e) {
        Throwable cause = e.getCause();
        return cause != null && LOST.stream().anyMatch(String.valueOf(cause.getMessage())::contains);
    }
}
