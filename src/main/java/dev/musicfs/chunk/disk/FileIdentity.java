package dev.musicfs.chunk.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Notices when a directory is taken away or replaced by another one. For one thread. */
public final class FileIdentity {
    private final Path chunks;
    private @Nullable Object seen;

    public FileIdentity(Path chunks) {
        this.chunks = chunks;
    }

    /** Whether it was replaced, taken away or came back since the last look. Blocks. */
    public boolean changedBlocking() {
        Object before = seen;
        seen = keyBlocking(chunks);
        return before != null && !before.equals(seen);
    }

    /** What distinguishes a file from all others of its disk; null when there is none or it cannot be read. */
    public static @Nullable Object keyBlocking(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }
}
