package dev.musicfs.origin.disk;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.InodeTag;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What one stat(2) or lstat(2) says of a file.
 *
 * @param identity which file it is
 * @param directory whether it is a directory
 * @param regularFile whether it is a file with bytes
 * @param link whether it is a symbolic link, which was not followed
 * @param sizeBytes exact length
 * @param mtimeNanos last modification, nanoseconds since the epoch
 * @param changeNanos last change of any kind, nanoseconds since the epoch
 */
public record InodeAttributes(
        Identity identity,
        boolean directory,
        boolean regularFile,
        boolean link,
        long sizeBytes,
        long mtimeNanos,
        long changeNanos) {
    private static final String WANTED =
            "unix:dev,ino,isDirectory,isRegularFile,isSymbolicLink,size,lastModifiedTime,ctime";

    /** Unique on this machine while the file exists. */
    public record Identity(long device, long inode) {}

    /** Looks, and follows a link unless told not to. */
    public static InodeAttributes of(Path path, LinkOption... options) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, WANTED, options);
        return new InodeAttributes(
                new Identity(number(found, "dev"), number(found, "ino")),
                (Boolean) value(found, "isDirectory"),
                (Boolean) value(found, "isRegularFile"),
                (Boolean) value(found, "isSymbolicLink"),
                number(found, "size"),
                ((FileTime) value(found, "lastModifiedTime")).to(TimeUnit.NANOSECONDS),
                ((FileTime) value(found, "ctime")).to(TimeUnit.NANOSECONDS));
    }

    /**
     * The same as an origin describes it.
     *
     * @param keepsInode whether its file system keeps inode numbers
     * @param key what it is known by under whatever name, 0 when by nothing
     */
    OriginEntry entry(RealPath path, boolean keepsInode, long key) {
        return new OriginEntry(path, directory, version(keepsInode), key);
    }

    /** Its version alone. */
    FileVersion version(boolean keepsInode) {
        String tag = directory ? "" : new InodeTag(keepsInode ? identity.inode() : 0, changeNanos).text();
        return new FileVersion(sizeBytes, mtimeNanos, tag);
    }

    private static long number(Map<String, Object> found, String name) {
        return ((Number) value(found, name)).longValue();
    }

    private static Object value(Map<String, Object> found, String name) {
        return Objects.requireNonNull(found.get(name), name);
    }
}
