package dev.musicfs.fuse.node;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.posix.CLibrary;
import dev.musicfs.posix.LibC;
import dev.musicfs.tree.Announcer;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes changes through the mount with ordinary system calls, which is how the kernel and its watchers hear of them. */
public final class MountAnnouncer implements Announcer {
    private static final Logger log = LoggerFactory.getLogger(MountAnnouncer.class);
    private static final int S_IFREG = 0100000;
    private static final int READABLE_FILE = 0444;
    private static final int READABLE_DIRECTORY = 0555;
    private static final int O_WRONLY = 1;
    private static final int O_CLOEXEC = 02000000;
    private static final long NANOS = 1_000_000_000L;

    private final LibC libc = CLibrary.calls();
    private final Path mountpoint;
    private final Announcements announcements;
    private final NodeTable nodes;
    private final LongAdder failures = new LongAdder();
    private volatile boolean enabled;

    MountAnnouncer(Path mountpoint, Announcements announcements, NodeTable nodes) {
        this.mountpoint = mountpoint;
        this.announcements = announcements;
        this.nodes = nodes;
    }

    /** From the mount's readiness until its end begins. */
    public void enable(boolean enabled) {
        this.enabled = enabled;
    }

    /** System calls that did not succeed. */
    public long failureCount() {
        return failures.sum();
    }

    @Override
    public boolean isKnown(NodeRow directory) {
        return enabled && nodes.knows(directory.id());
    }

    @Override
    public void created(String path, boolean directory) {
        byte[] name = inMount(path);
        announce(
                path,
                () -> directory ? libc.mkdir(name, READABLE_DIRECTORY) : libc.mknod(name, S_IFREG | READABLE_FILE, 0));
    }

    @Override
    public void removed(String path, boolean directory) {
        byte[] name = inMount(path);
        announce(path, () -> directory ? libc.rmdir(name) : libc.unlink(name));
    }

    @Override
    public void moved(String fromPath, String toPath) {
        byte[] from = inMount(fromPath);
        byte[] to = inMount(toPath);
        announce(fromPath, () -> libc.rename(from, to));
    }

    @Override
    public void changed(String path, long sizeBytes, long mtimeNanos) {
        byte[] name = inMount(path);
        long seconds = Math.floorDiv(mtimeNanos, NANOS);
        long nanos = Math.floorMod(mtimeNanos, NANOS);
        // Both times: for one alone watchers would get another MODIFY instead of ATTRIB.
        long[] times = {seconds, nanos, seconds, nanos};
        announce(path, () -> {
            // Opening drops the kernel's pages, and closing tells watchers of a finished writer.
            int fd = libc.open(name, O_WRONLY | O_CLOEXEC);
            if (fd < 0) {
                return fd;
            }
            try {
                int result = libc.ftruncate(fd, sizeBytes);
                return result == 0 ? libc.futimens(fd, times) : result;
            } finally {
                libc.close(fd);
            }
        });
    }

    private void announce(String path, IntSupplier systemCall) {
        if (!enabled) {
            return;
        }
        int thread = libc.gettid();
        announcements.begin(thread);
        try {
            if (systemCall.getAsInt() != 0) {
                failures.increment();
                log.debug("announcing {} failed with errno {}", path, CLibrary.lastErrno());
            }
        } finally {
            announcements.end(thread);
        }
    }

    private byte[] inMount(String path) {
        return CLibrary.cString(mountpoint + (path.startsWith("/") ? "" : "/") + path);
    }
}
