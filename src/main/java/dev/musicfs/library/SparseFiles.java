package dev.musicfs.library;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/**
 * Short-lived files that stand for remote ones: of their true length, with holes where nothing was fetched, so that they
 * take hardly any room. Each is gone when its reader is done; what a killed process left is removed at the first use. Safe
 * for any number of threads.
 */
final class SparseFiles {
    private static final String SEPARATOR = "-";

    private final Path directory;
    private boolean ready;

    /** Writes what is known of a file to its places. */
    @FunctionalInterface
    interface Fill {
        void writeBlocking(FileChannel file) throws IOException;
    }

    /** They lie in {@code directory}, which nothing else may use and is made when it is needed. */
    SparseFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Has one filled, used and removed again. Blocks on the disk.
     *
     * @throws MusicFsException {@code NO_SPACE} or {@code INTERNAL} when there can be no such file here, which says nothing
     *     about the remote one; whatever {@code use} throws
     */
    <T> T withBlocking(long sizeBytes, Fill fill, Function<Path, T> use) {
        Path file = null;
        try {
            try {
                prepare();
                file = Files.createTempFile(directory, ProcessHandle.current().pid() + SEPARATOR, ".part");
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    if (sizeBytes > 0) {
                        channel.write(ByteBuffer.allocate(1), sizeBytes - 1);
                    }
                    fill.writeBlocking(channel);
                }
            } catch (IOException e) {
                FailureKind kind = MusicFsException.kindOf(e) == FailureKind.NO_SPACE
                        ? FailureKind.NO_SPACE
                        : FailureKind.INTERNAL;
                throw new MusicFsException(kind, "cannot write to " + directory + ": " + e.getMessage(), e);
            }
            return use.apply(file);
        } finally {
            if (file != null) {
                remove(file);
            }
        }
    }

    private synchronized void prepare() throws IOException {
        if (!ready || !Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "*.part")) {
                left.forEach(SparseFiles::removeOfTheDead);
            }
            ready = true;
        }
    }

    // Another process may be at work here: a dry run beside the daemon.
    private static void removeOfTheDead(Path file) {
        String name = file.getFileName().toString();
        String owner = name.substring(0, Math.max(0, name.indexOf(SEPARATOR)));
        boolean alive = owner.matches("[0-9]{1,18}")
                && ProcessHandle.of(Long.parseLong(owner)).isPresent();
        if (!alive) {
            remove(file);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The next start tries again; meanwhile it takes no room to speak of.
        }
    }
}
