package dev.musicfs.origin.mounted;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.posix.MountTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what was mounted at a share's path when it was first seen there, and from then on takes nothing else for the
 * share: the bare directory that an unmounted share leaves is {@code UNAVAILABLE}, never empty.
 */
final class ExpectedMount {
    private static final Logger LOG = LoggerFactory.getLogger(ExpectedMount.class);

    private final OriginId id;
    private final Path root;
    private final Optional<Boolean> required;
    private final MountLookup lookup;
    private @Nullable Seen first;

    /** {@code mount} is empty while nothing was ever mounted there. */
    private record Seen(long device, Optional<MountTable.Mount> mount) {}

    /** {@code required} is empty for "from the first time that something is mounted there". */
    ExpectedMount(OriginId id, Path root, Optional<Boolean> required, MountLookup lookup) {
        this.id = id;
        this.root = root;
        this.required = required;
        this.lookup = lookup;
    }

    /** Fails with {@code UNAVAILABLE} unless what is there now is the share; {@code empty} says that it looks empty. */
    void checkBlocking(boolean empty) {
        if (required.isPresent() && !required.get()) {
            return;
        }
        long device;
        Path real;
        try {
            device = lookup.deviceBlocking(root);
            if (isFamiliar(device)) {
                return;
            }
            real = lookup.realBlocking(root);
        } catch (IOException e) {
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE, "Origin " + id + " is gone: " + root + " cannot be looked at.", e);
        }
        judge(device, mountOf(real, device), empty);
    }

    private synchronized boolean isFamiliar(long device) {
        return first != null && first.device == device && first.mount.isPresent();
    }

    /** What is mounted there, if this very directory is a mount point or anything is mounted over a network. */
    private Optional<MountTable.Mount> mountOf(Path real, long device) {
        return lookup.mounts()
                .covering(real)
                .filter(mount ->
                        mount.isNetwork() || Path.of(mount.mountPoint()).equals(real))
                .filter(mount -> mount.device().equals(numbers(device)));
    }

    private synchronized void judge(long device, Optional<MountTable.Mount> mount, boolean empty) {
        Seen before = first;
        if (mount.isPresent()) {
            if (before != null && before.mount.isPresent() && !isSame(before.mount.get(), mount.get())) {
                throw unavailable("another share is mounted at " + root + " than before: "
                        + mount.get().source() + " in place of "
                        + before.mount.get().source());
            }
            if (before != null) {
                LOG.info("Origin {} has {} mounted at {}", id, mount.get().source(), root);
            }
            first = new Seen(device, mount);
            return;
        }
        if (before != null && before.mount.isPresent()) {
            throw unavailable(before.mount.get().source() + " is no longer mounted at " + root);
        }
        if (required.orElse(false)) {
            throw unavailable("nothing is mounted at " + root);
        }
        if (before != null && before.device != device) {
            throw unavailable(root + " is on another device than before");
        }
        first = new Seen(device, mount);
        if (empty) {
            throw unavailable("nothing is mounted at " + root + ", and it is empty");
        }
    }

    private MusicFsException unavailable(String what) {
        return new MusicFsException(FailureKind.UNAVAILABLE, "Origin " + id + " is not there: " + what + ".");
    }

    private static boolean isSame(MountTable.Mount a, MountTable.Mount b) {
        return a.mountPoint().equals(b.mountPoint())
                && a.type().equals(b.type())
                && a.source().equals(b.source());
    }

    // makedev(3) of the GNU C library, the other way round.
    private static String numbers(long device) {
        long major = (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
        long minor = (device & 0xff) | (device >>> 12 & 0xffffff00L);
        return major + ":" + minor;
    }
}
