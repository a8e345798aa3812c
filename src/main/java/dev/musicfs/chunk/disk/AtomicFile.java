package dev.musicfs.chunk.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;

/** A small file that is replaced as a whole: after a crash there is the old one or the new one. Links are not followed. */
public final class AtomicFile {
    private static final Set<OpenOption> REPLACED = Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS);

    private AtomicFile() {}

    /** Its bytes, which are to be no more than {@code most}; fails for anything but a regular file. */
    public static byte[] readBlocking(Path file, int most) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(file.toString(), null, "no regular file");
        }
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            if (channel.size() > most) {
                throw new IOException(file + " has more than " + most + " bytes");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Until it is whole.
            }
            byte[] read = new byte[bytes.position()];
            bytes.flip().get(read);
            return read;
        }
    }

    /**
     * Writes, forces and publishes it; sets aside what is in its way.
     *
     * @param own how many directories above it are the store's, and made when they are gone
     */
    public static void replaceBlocking(Path file, byte[] content, int own) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        Quarantine.makeDirectoryBlocking(
                Objects.requireNonNull(file.toAbsolutePath().getParent()), own);
        Quarantine.clearForFileBlocking(unfinished);
        try (FileChannel channel = FileChannel.open(unfinished, REPLACED)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Quarantine.clearForFileBlocking(file);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
