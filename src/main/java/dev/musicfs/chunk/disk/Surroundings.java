package dev.musicfs.chunk.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Notices when the directory of the chunks is taken away or another one is put in its place. For one thread. */
public final class Surroundings {
    private final Path chunks;
    private @Nullable Object seen;

    public Surroundings(Path chunks) {
        this.chunks = chunks;
    }

    /** Whether it is another than at the last look, or is there at one of the two only. Blocks. */
    public boolean changedBlocking() {
        Object before = seen;
        seen = keyBlocking(chunks);
        return before != null && !before.equals(seen);
    }

    /** What tells a file from all others of its disk; null when there is none or it cannot be looked at. */
    public static @Nullable Object keyBlocking(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }
}
