package dev.musicfs.runtime;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A directory for one piece of work. */
public final class TemporaryDirectory implements AutoCloseable {
    private final Path directory;

    private TemporaryDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Has {@code work} done in a new directory, which is deleted afterwards with all that is in it. Blocks.
     *
     * @param prefix of its name
     * @param trouble what to say when it cannot be made or deleted, which is {@code UNAVAILABLE}
     */
    public static void useBlocking(String prefix, String trouble, Consumer<Path> work) {
        try (TemporaryDirectory made = new TemporaryDirectory(Files.createTempDirectory(prefix))) {
            work.accept(made.directory);
        } catch (IOException e) {
            throw new MusicFsException(FailureKind.UNAVAILABLE, trouble + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
