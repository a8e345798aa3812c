package dev.musicfs.testkit;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tmpfs with a bound of its own that can be filled; only root can have one. */
public final class SmallDisk implements AutoCloseable {
    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /** Mounts one; the size is tmpfs's, such as {@code 64m}. Tests of others than root are skipped here. */
    public static SmallDisk on(Path path, String size) {
        return mounted(path, "size=" + size);
    }

    /** The same for so many files and directories. */
    public static SmallDisk on(Path path, String size, int inodes) {
        return mounted(path, "size=" + size + ",nr_inodes=" + inodes);
    }

    private static SmallDisk mounted(Path path, String bounds) {
        assumeThat(System.getProperty("user.name"))
                .as("only root can mount a tmpfs")
                .isEqualTo("root");
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Shell.require("mount", "-t", "tmpfs", "-o", bounds + ",mode=0700", "musicfs-test", path.toString());
        return new SmallDisk(path);
    }

    /** Fills it to the last byte with one file, and gives that; once more, if room came up meanwhile. */
    public Path fill() {
        Path filler = path.resolve("filler");
        Shell.require("bash", "-c", "head -c 1G /dev/zero >>\"$1\" 2>/dev/null; true", "bash", filler.toString());
        return filler;
    }

    /** Fills it with empty files until it takes no further one, and gives their directory; once more, as {@link #fill}. */
    public Path fillWithFiles() {
        Path fillers = path.resolve("fillers");
        Shell.require(
                "bash",
                "-c",
                "mkdir -p \"$1\" && while mktemp \"$1\"/XXXXXXXXXX >/dev/null 2>&1; do :; done",
                "bash",
                fillers.toString());
        return fillers;
    }

    /** Takes away what it was filled with. */
    public void makeRoom() {
        Shell.require(
                "rm",
                "-rf",
                path.resolve("filler").toString(),
                path.resolve("fillers").toString());
    }

    /** Takes no change any more. */
    public void makeReadOnly() {
        Shell.require("mount", "-o", "remount,ro", path.toString());
    }

    @Override
    public void close() {
        Shell.require("umount", "-l", path.toString());
    }
}
