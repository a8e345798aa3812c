package dev.musicfs.origin.mounted;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.Deadline;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tries again, from the path, what failed, or left entries unknown, because the server forgot a handle or a connection was lost. */
final class ReopeningShare implements Share {
    private static final int MOST_TRIES = 3;
    private static final Set<Errno> LOST =
            EnumSet.of(Errno.ESTALE, Errno.ENOTCONN, Errno.EIO, Errno.EHOSTDOWN, Errno.ECONNABORTED, Errno.ECONNRESET);

    private final Share behind;

    ReopeningShare(Share behind) {
        this.behind = behind;
    }

    @Override
    public List<OriginEntry> listBlocking(RealPath directory, Runnable progress) {
        for (int attempt = 1; ; attempt++) {
            List<OriginEntry> found = tried(null, () -> behind.listBlocking(directory, progress));
            if (attempt == MOST_TRIES
                    || found.stream().noneMatch(entry -> entry.unknown()
                            .filter(ReopeningShare::isLost)
                            .isPresent())) {
                return found;
            }
        }
    }

    @Override
    public OriginEntry statBlocking(RealPath path, Deadline deadline) {
        return tried(deadline, () -> behind.statBlocking(path, deadline));
    }

    @Override
    public byte[] readBlocking(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return tried(deadline, () -> behind.readBlocking(path, expected, range, deadline));
    }

    @Override
    public void probeBlocking(Deadline deadline) {
        tried(deadline, () -> {
            behind.probeBlocking(deadline);
            return true;
        });
    }

    private static <T> T tried(@Nullable Deadline deadline, Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (MusicFsException e) {
                if (!isLost(e)) {
                    throw e;
                }
                if (attempt == MOST_TRIES || (deadline != null && deadline.expired())) {
                    // Not that the file has changed, which is what a stale handle would be taken for.
                    throw new MusicFsException(FailureKind.UNAVAILABLE, String.valueOf(e.getMessage()), e);
                }
            }
        }
    }

    private static boolean isLost(MusicFsException e) {
        return Errno.of(e.getCause()).filter(LOST::contains).isPresent();
    }
}
