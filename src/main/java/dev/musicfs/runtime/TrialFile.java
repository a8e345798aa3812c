package dev.musicfs.runtime;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is written to find out whether a disk has room: neither its free bytes nor its free inodes tell, where
 * quotas or the reserve of another user stand between. Blocks.
 */
public final class TrialFile {
    private static final Logger LOG = LoggerFactory.getLogger(TrialFile.class);

    private TrialFile() {}

    /** A file of that size that did not exist. Nothing of it is left when the disk does not take it. */
    public static void writeBlocking(Path file, int bytes) throws IOException {
        // A disk that packs what it stores would keep nothing of zeros. SecureRandom would cost a start 20 ms.
        byte[] noise = new byte[bytes];
        new Random().nextBytes(noise);
        boolean written = false;
        try {
            Files.write(file, noise, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            written = true;
        } finally {
            if (!written) {
                Files.deleteIfExists(file);
            }
        }
    }

    /**
     * Whether the disk does not take a file of that size for lack of room; false as well when another failure keeps that
     * from being known.
     *
     * @param file what lies there is deleted before and after
     */
    public static boolean isRefusedBlocking(Path file, int bytes) {
        try {
            Files.deleteIfExists(file);
            writeBlocking(file, bytes);
            return false;
        } catch (IOException e) {
            return MusicFsException.kindOf(e) == FailureKind.NO_SPACE;
        } finally {
            deleteBlocking(file);
        }
    }

    private static void deleteBlocking(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("{} is left: {}", file, e.getMessage());
        }
    }
}
