package dev.musicfs.content.file;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.InodeTag;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.disk.InodeAttributes;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file on a disk of this machine, read on the calling thread. When the disk fails, its other copies, if it has any, can
 * go on for it.
 */
public final class DirectFile implements OpenFile {
    private static final Logger log = LoggerFactory.getLogger(DirectFile.class);

    private final Path path;
    private final FileChannel channel;
    private final FileVersion version;
    private final InodeAttributes.Identity inode;
    private final Runnable onStale;
    private final @Nullable FallbackCopy fallback;

    /** @param inode what tells the file from another at its path */
    DirectFile(
            Path path,
            FileChannel channel,
            FileVersion version,
            InodeAttributes.Identity inode,
            Runnable onStale,
            @Nullable FallbackCopy fallback) {
        this.path = path;
        this.channel = channel;
        this.version = version;
        this.inode = inode;
        this.onStale = onStale;
        this.fallback = fallback;
    }

    /**
     * Opens the file if it is {@code expected} (inode, size and modification time), else fails with {@code STALE}.
     *
     * @param onStale called whenever another version is found, and when the file was changed in any way since it was
     *     listed, on the thread that found it
     * @param fallback opens its other copies, null when there are none
     */
    static DirectFile openBlocking(
            DirectFiles files, RealPath name, FileVersion expected, Runnable onStale, @Nullable FallbackCopy fallback) {
        Path path = files.locate(name);
        FileChannel channel = null;
        try {
            InodeAttributes before = InodeAttributes.of(path);
            channel = files.openBlocking(name);
            // Looked at again: the path may have been given to another file between the first look and the opening.
            InodeAttributes after = InodeAttributes.of(path);
            if (!isVersion(before, expected)
                    || !isVersion(after, expected)
                    || !before.identity().equals(after.identity())) {
                onStale.run();
                throw stale(path);
            }
            if (!isUntouched(after, expected)) {
                // Its name, owner or modes may be all that changed; somebody looks, and its bytes are what they are.
                onStale.run();
            }
            DirectFile file = new DirectFile(path, channel, expected, after.identity(), onStale, fallback);
            channel = null;
            return file;
        } catch (IOException e) {
            throw MusicFsException.wrap("Cannot open " + path, e);
        } finally {
            closeQuietly(channel);
        }
    }

    /**
     * Fills {@code dst} from {@code offset} as far as the file goes. A file replaced or removed at its path is read on;
     * one changed in place fails with {@code STALE}.
     *
     * @return how many bytes were read, 0 at or past the end
     */
    public int readBlocking(ByteBuffer dst, long offset) {
        int total = 0;
        try {
            while (dst.hasRemaining()) {
                int n = channel.read(dst, offset + total);
                if (n < 0) {
                    break;
                }
                total += n;
            }
        } catch (IOException e) {
            throw MusicFsException.wrap("Cannot read " + path, e);
        }
        if (changedInPlace()) {
            onStale.run();
            throw stale(path);
        }
        return total;
    }

    /** What reads it since its disk failed; null before, and when there is nothing. */
    public @Nullable CachedFile fallbackOrNull() {
        return fallback == null ? null : fallback.fileOrNull();
    }

    /** Whether its other copies can go on after {@link #readBlocking} has failed so: {@link ContentVerticle#FALLBACK}. */
    public boolean canBeReplacedAfter(MusicFsException failure) {
        return fallback != null && isAway(failure);
    }

    Future<CachedFile> openFallback() {
        return fallback == null
                ? Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, path + " has no other copy."))
                : fallback.open();
    }

    /** Whether a disk failed, and not the file on it or the request. */
    static boolean isAway(Throwable failure) {
        return switch (MusicFsException.kindOf(failure)) {
            case UNAVAILABLE, REJECTED, NOT_FOUND, TIMEOUT -> true;
            // A file server's handle, not the file.
            case STALE -> failure.getCause() instanceof IOException;
            case CORRUPT, READ_ONLY, NO_SPACE, INVALID, INTERNAL -> false;
        };
    }

    private boolean changedInPlace() {
        try {
            InodeAttributes now = InodeAttributes.of(path);
            return now.identity().equals(inode) && !isVersion(now, version);
        } catch (IOException gone) {
            return false;
        }
    }

    /** Whether it is the same file with the same size and modification time. */
    private static boolean isVersion(InodeAttributes attributes, FileVersion version) {
        return attributes.sizeBytes() == version.sizeBytes()
                && attributes.mtimeNanos() == version.mtimeNanos()
                && InodeTag.of(version)
                        .map(tag -> tag.inode() == 0
                                || tag.inode() == attributes.identity().inode())
                        .orElse(true);
    }

    private static boolean isUntouched(InodeAttributes attributes, FileVersion version) {
        return InodeTag.of(version)
                .map(tag -> tag.changeNanos() == attributes.changeNanos())
                .orElse(true);
    }

    private static MusicFsException stale(Path path) {
        return new MusicFsException(FailureKind.STALE, path + " has changed since it was listed.");
    }

    @Override
    public FileVersion version() {
        return version;
    }

    @Override
    public void close() {
        closeQuietly(channel);
        if (fallback != null) {
            fallback.close();
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                log.debug("closing a file failed", e);
            }
        }
    }
}
