package dev.musicfs.it.crash;

import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Reads the mount again and again, as a player would that indexes it, and notes which inode number which bytes have. */
final class Walker implements AutoCloseable {
    private final Path mount;
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean stopped;

    Walker(Path mount) {
        this.mount = mount;
        this.thread = new Thread(this::walkOn, "walker");
        thread.setDaemon(true);
        thread.start();
    }

    /** Inode numbers by hash, as far as it came. */
    Map<String, Long> seen() {
        return new TreeMap<>(seen);
    }

    /** It ends when what it waits for is answered. */
    void stop() {
        stopped = true;
    }

    private void walkOn() {
        while (!stopped) {
            try {
                for (Path file : Trees.files(mount)) {
                    look(file);
                    if (stopped) {
                        return;
                    }
                }
            } catch (UncheckedIOException e) {
                // The library changes below it, and at last the daemon is gone.
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    private void look(Path file) {
        try {
            long before = inode(file);
            String hash = Trees.sha256(file);
            if (inode(file) == before) {
                seen.put(hash, before);
            }
        } catch (IOException | UncheckedIOException e) {
            // As above.
        }
    }

    static long inode(Path file) throws IOException {
        return (Long) Files.getAttribute(file, "unix:ino");
    }

    /** To be called when there is somebody again who answers it, or nobody at all. */
    @Override
    public void close() {
        stop();
        try {
            thread.join(30_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new AssertionError("a reader of " + mount + " hangs");
        }
    }
}
