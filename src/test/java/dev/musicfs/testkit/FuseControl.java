package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.posix.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The kernel's control of FUSE connections, mounted by root on a directory of the test's: containers rarely have it. */
public final class FuseControl implements AutoCloseable {
    private final Path directory;

    private FuseControl(Path directory) {
        this.directory = directory;
    }

    /** Mounts it on a new directory. */
    public static FuseControl mount(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Shell mounted = Shell.run(List.of("mount", "-t", "fusectl", "fusectl", directory.toString()));
        assertThat(mounted.exitCode()).as(mounted.output()).isZero();
        return new FuseControl(directory);
    }

    /** Aborts the connection of the mount on this directory. */
    public void abort(Path mountPoint) throws IOException {
        String connection = MountTable.read().at(mountPoint).orElseThrow().minor();
        Files.writeString(directory.resolve(connection).resolve("abort"), "1");
    }

    @Override
    public void close() throws IOException {
        try {
            Shell gone = Shell.run(List.of("umount", "-l", directory.toString()));
            assertThat(gone.exitCode()).as(gone.output()).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
