package dev.musicfs.formats;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A {@link File} for a file whose name is not text. A {@code File} is a string and cannot hold a name of bytes that are not
 * UTF-8; the name of an open descriptor under {@code /proc} always is one.
 */
final class DescriptorFile implements AutoCloseable {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final Path target;
    private final FileChannel channel;
    private final Path descriptor;

    private DescriptorFile(Path target, FileChannel channel, Path descriptor) {
        this.target = target;
        this.channel = channel;
        this.descriptor = descriptor;
    }

    /** Whether a {@code File} can stand for this path as it is. */
    static boolean isNeededFor(Path path) {
        try {
            return !path.toFile().toPath().equals(path);
        } catch (InvalidPathException notInTheLocale) {
            // Under LC_ALL=POSIX no name outside ASCII can be told from text to path.
            return true;
        }
    }

    /** Opens {@code target} and finds the descriptor, which lasts until {@link #close}. */
    static DescriptorFile open(Path target) throws IOException {
        FileChannel channel = FileChannel.open(target, StandardOpenOption.READ);
        try {
            return new DescriptorFile(target, channel, find(target));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    File file() {
        return descriptor.toFile();
    }

    /**
     * Whether {@link #file} still is the target. The JDK does not tell a channel's number, so the descriptor may be one
     * that another thread has opened for the same file, and closed meanwhile.
     */
    boolean isStillTarget() throws IOException {
        return isSame(descriptor, target);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static Path find(Path target) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                if (isSame(descriptor, target)) {
                    return descriptor;
                }
            }
        }
        throw new IOException("the open file is not under " + DESCRIPTORS);
    }

    private static boolean isSame(Path descriptor, Path target) throws IOException {
        try {
            return Files.isSameFile(descriptor, target);
        } catch (NoSuchFileException e) {
            // Another thread has closed its file meanwhile, unless it is the target that is gone.
            if (Files.exists(target)) {
                return false;
            }
            throw e;
        }
    }
}
