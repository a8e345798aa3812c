package dev.musicfs.chunk.disk;

import dev.musicfs.model.ChunkId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cache of open chunk files; the least recently used is closed first. A file that has to leave while it is read is
 * closed by its last reader, so at most {@code max} files and one per reader are open. Under the lock the disk is touched
 * only to close a file.
 */
final class OpenChunks implements AutoCloseable {
    /** Opens the file of a chunk. */
    @FunctionalInterface
    interface Opener {
        OpenChunk open(ChunkId chunk) throws IOException, DamagedChunkException;
    }

    private static final int STRIPES = 64;

    private final int max;
    private final LinkedHashMap<ChunkId, OpenChunk> open = new LinkedHashMap<>(16, 0.75f, true);
    // Counts removals: a file opened before a removal must not be kept after it.
    private final long[] forgotten = new long[STRIPES];
    private boolean closed;

    OpenChunks(int max) {
        this.max = max;
    }

    /** The open file of a chunk, which is opened when it is not; the caller releases it. */
    OpenChunk acquire(ChunkId chunk, Opener opener) throws IOException, DamagedChunkException {
        long before;
        synchronized (this) {
            OpenChunk known = open.get(chunk);
            if (known != null) {
                known.users++;
                return known;
            }
            before = forgotten[stripe(chunk)];
        }
        return keep(chunk, openRelieved(chunk, opener), before);
    }

    /** Gives back what was acquired. */
    void release(OpenChunk file) {
        boolean last;
        synchronized (this) {
            last = --file.users == 0 && file.retired;
        }
        if (last) {
            file.close();
        }
    }

    /** Closes the file of a chunk as soon as nobody reads it, because it was deleted or replaced. */
    void forget(ChunkId chunk) {
        @Nullable OpenChunk idle;
        synchronized (this) {
            forgotten[stripe(chunk)]++;
            idle = retire(open.remove(chunk));
        }
        close(idle);
    }

    /** Closes half of the files that are not being read, at least one, to free descriptors; false when there is none. */
    boolean relieve() {
        List<OpenChunk> idle = new ArrayList<>();
        synchronized (this) {
            int most = Math.max(1, open.size() / 2);
            Iterator<OpenChunk> files = open.values().iterator();
            while (files.hasNext() && idle.size() < most) {
                OpenChunk file = files.next();
                if (file.users == 0) {
                    files.remove();
                    idle.add(file);
                }
            }
        }
        idle.forEach(OpenChunk::close);
        return !idle.isEmpty();
    }

    /** How many are kept open. */
    synchronized int size() {
        return open.size();
    }

    /** Closes all files that are not being read; those acquired later are closed when they are released. */
    @Override
    public void close() {
        List<OpenChunk> idle = new ArrayList<>();
        synchronized (this) {
            closed = true;
            for (OpenChunk file : open.values()) {
                if (retire(file) != null) {
                    idle.add(file);
                }
            }
            open.clear();
        }
        idle.forEach(OpenChunk::close);
    }

    private OpenChunk openRelieved(ChunkId chunk, Opener opener) throws IOException, DamagedChunkException {
        try {
            return opener.open(chunk);
        } catch (IOException e) {
            if (!DiskFailure.isOutOfDescriptors(e) || !relieve()) {
                throw e;
            }
            return opener.open(chunk);
        }
    }

    private OpenChunk keep(ChunkId chunk, OpenChunk opened, long before) {
        @Nullable OpenChunk superfluous = null;
        OpenChunk result = opened;
        synchronized (this) {
            OpenChunk other = open.get(chunk);
            if (other != null) {
                superfluous = opened;
                result = other;
            } else if (closed || forgotten[stripe(chunk)] != before) {
                opened.retired = true;
            } else {
                if (open.size() == max) {
                    Iterator<OpenChunk> eldest = open.values().iterator();
                    superfluous = retire(eldest.next());
                    eldest.remove();
                }
                open.put(chunk, opened);
            }
            result.users++;
        }
        close(superfluous);
        return result;
    }

    // Returns the file if it is to be closed at once.
    private static @Nullable OpenChunk retire(@Nullable OpenChunk file) {
        if (file == null) {
            return null;
        }
        file.retired = true;
        return file.users == 0 ? file : null;
    }

    private static void close(@Nullable OpenChunk file) {
        if (file != null) {
            file.close();
        }
    }

    private static int stripe(ChunkId chunk) {
        return (int) chunk.word0() & (STRIPES - 1);
    }
}
