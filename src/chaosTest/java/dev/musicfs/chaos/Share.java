package dev.musicfs.chaos;

import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.DaemonProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A share mounted from an SSH server with sshfs: a real network filesystem that needs nothing of the kernel but FUSE. It
 * does not come back by itself once its connection is lost, but goes on after a silence, as a hard NFS mount does.
 */
final class Share implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path mountPoint;
    private final Thread hook = new Thread(this::unmount, "chaos-share-end");

    /** Mounted already. */
    Share(SshServer server, Path exported, Path mountPoint) {
        this.mountPoint = mountPoint;
        try {
            Files.createDirectories(mountPoint);
            process = new ProcessBuilder(List.of(
                            Program.require("sshfs"),
                            SshServer.user() + "@127.0.0.1:" + exported,
                            mountPoint.toString(),
                            "-f",
                            "-p",
                            Integer.toString(server.port()),
                            "-o",
                            "IdentityFile=" + server.userKey() + ",IdentitiesOnly=yes,StrictHostKeyChecking=yes"
                                    + ",UserKnownHostsFile=" + server.knownHosts(server.port())
                                    + ",BatchMode=yes"))
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(Files.createTempFile(mountPoint.getParent(), "sshfs", ".log")
                            .toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(hook);
        if (!Polling.until(() -> !process.isAlive() || isMounted(), Duration.ofMillis(50), Deadline.in(PATIENCE))
                || !process.isAlive()) {
            unmount();
            throw new IllegalStateException("sshfs did not mount " + mountPoint);
        }
    }

    /** Where it is mounted. */
    Path mountPoint() {
        return mountPoint;
    }

    private boolean isMounted() {
        try {
            return DaemonProcess.isMounted(mountPoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Works on one that hangs, too: lazily, and the end of sshfs ends every call that still waits for it. */
    private void unmount() {
        try {
            new ProcessBuilder("fusermount3", "-uz", mountPoint.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(60, TimeUnit.SECONDS);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        unmount();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook has had the same to do.
        }
    }
}
