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
        assumeThat(System.getProperty("user.name"))
                .as("only root can mount a tmpfs")
                .isEqualTo("root");
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Shell.require("mount", "-t", "tmpfs", "-o", "size=" + size + ",mode=0700", "musicfs-test", path.toString());
        return new SmallDisk(path);
    }

    /** Fills it to the last byte with one file, and gives that. */
    public Path fill() {
        Path filler = path.resolve("filler");
        Shell.require("bash", "-c", "head -c 1G /dev/zero >\"$1\" 2>/dev/null; true", "bash", filler.toString());
        return filler;
    }

    @Override
    public void close() {
        Shell.require("umount", "-l", path.toString());
    }
}
