package dev.musicfs.chunk.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What the store asks of its disk; where tests make a disk fill up, fail or hang. Symbolic links are never followed. */
public interface DiskCalls {
    /** The disks of this machine. */
    DiskCalls REAL = new DiskCalls() {};

    /** Opens for reading. On a FIFO this would wait for ever: look at the attributes first. */
    default FileChannel openToRead(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** Opens an existing file for writing. */
    default FileChannel openToChange(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    /** Makes a file that only its owner may read and write. */
    default FileChannel create(Path file) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return FileChannel.open(file, options, permissions("rw-------"));
    }

    /** The attributes of the thing itself. */
    default BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Renames, replacing what is there. */
    default void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Sets the modification time, in nanoseconds since the epoch. */
    default void setModified(Path file, long nanos) throws IOException {
        Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.from(nanos, TimeUnit.NANOSECONDS), null, null);
    }

    /** Deletes; false when there was nothing. */
    default boolean delete(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }

    /** Makes a directory and those above it, as {@link Quarantine#makeDirectoryBlocking}. */
    default void makeDirectory(Path directory, int own) throws IOException {
        Quarantine.makeDirectoryBlocking(directory, own);
    }

    /** What is in a directory; the caller closes it. */
    @SuppressWarnings("StreamResourceLeak")
    default DirectoryStream<Path> list(Path directory) throws IOException {
        return Files.newDirectoryStream(directory);
    }

    /** Forces a file's bytes, or a directory's entries. */
    default void force(Path path) throws IOException {
        try (FileChannel channel = openToRead(path)) {
            channel.force(false);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }
}
