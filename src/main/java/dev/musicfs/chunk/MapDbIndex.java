package dev.musicfs.chunk;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.model.ChunkId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.HTreeMap;
import org.mapdb.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index in a MapDB file. MapDB is fast and not safe: killed, it does not open again; damaged, it gives wrong values,
 * runs out of memory or hangs. So there is no WAL, and a file is opened again only when {@link CleanMarker} says that
 * this very file was closed in order; every value carries a checksum; every call runs on {@link IndexThread}.
 */
final class MapDbIndex implements ChunkIndex {
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(MapDbIndex.class);
    private static final String MAP = "chunks";
    private static final int SLICE = 1_000;

    private final Path file;
    private final CleanMarker marker;
    private final IndexThread thread;
    private final DB db;
    private final HTreeMap<byte[], byte[]> map;

    /** An index with the sums it was closed with. */
    record Reopened(ChunkIndex index, Ledger.Sums sums) {}

    private MapDbIndex(Path file, CleanMarker marker, IndexThread thread, DB db, HTreeMap<byte[], byte[]> map) {
        this.file = file;
        this.marker = marker;
        this.thread = thread;
        this.db = db;
        this.map = map;
    }

    /** The index that was closed in order; empty when there is none or it will not open, for whatever reason. */
    static Optional<Reopened> reopenBlocking(Path directory, Duration patience) {
        CleanMarker marker = new CleanMarker(directory);
        Optional<CleanMarker.Content> clean = marker.takeBlocking();
        if (clean.isEmpty()) {
            return Optional.empty();
        }
        try {
            MapDbIndex index = open(directory.resolve(clean.get().fileName()), marker, patience);
            return Optional.of(new Reopened(index, clean.get().sums()));
        } catch (Lost e) {
            LOG.warn("The index of the cache will not open and is made anew: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** An empty one; whatever index there was is removed. */
    static ChunkIndex createBlocking(Path directory, Duration patience) throws Lost {
        CleanMarker marker = new CleanMarker(directory);
        long last = 0;
        try {
            Files.createDirectories(directory);
            marker.removeBlocking();
            try (DirectoryStream<Path> old = Files.newDirectoryStream(directory, CleanMarker.INDEX_FILES)) {
                for (Path each : old) {
                    last = Math.max(last, CleanMarker.numberOf(each));
                    if (Files.isRegularFile(each)) {
                        Files.delete(each);
                    }
                }
            }
        } catch (IOException e) {
            throw new Lost("cannot make an index in " + directory, e);
        }
        return open(directory.resolve(CleanMarker.indexFile(last + 1)), marker, patience);
    }

    private static MapDbIndex open(Path file, CleanMarker marker, Duration patience) throws Lost {
        IndexThread thread = new IndexThread("musicfs-index", patience);
        boolean opened = false;
        try {
            MapDbIndex index = thread.call("open " + file, () -> {
                DB db = DBMaker.fileDB(file.toFile())
                        .fileMmapEnableIfSupported()
                        .fileMmapPreclearDisable()
                        .make();
                HTreeMap<byte[], byte[]> map = db.hashMap(MAP, Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY)
                        .layout(8, 32, 4)
                        .createOrOpen();
                return new MapDbIndex(file, marker, thread, db, map);
            });
            opened = true;
            return index;
        } finally {
            if (!opened) {
                thread.end();
            }
        }
    }

    @Override
    public Optional<Entry> get(ChunkId chunk) throws Lost {
        byte[] key = chunk.toBytes();
        return Optional.ofNullable(thread.call("look a chunk up", () -> IndexValue.decode(key, map.get(key))));
    }

    @Override
    public Optional<Entry> put(ChunkId chunk, Entry entry) throws Lost {
        byte[] key = chunk.toBytes();
        byte[] value = IndexValue.encode(key, entry);
        return Optional.ofNullable(thread.call("enter a chunk", () -> IndexValue.decode(key, map.put(key, value))));
    }

    @Override
    public void remove(Collection<ChunkId> chunks) throws Lost {
        thread.call("remove chunks", () -> {
            chunks.forEach(chunk -> map.remove(chunk.toBytes()));
            return true;
        });
    }

    @Override
    public void forEach(BiConsumer<ChunkId, Entry> consumer) throws Lost {
        Iterator<Map.Entry<byte[], byte[]>> entries =
                thread.call("list the chunks", () -> map.getEntries().iterator());
        List<Map.Entry<ChunkId, Entry>> slice = slice(entries);
        while (!slice.isEmpty()) {
            slice.forEach(each -> consumer.accept(each.getKey(), each.getValue()));
            slice = slice(entries);
        }
    }

    /** A part at a time, so that others get their turn in between. */
    private List<Map.Entry<ChunkId, Entry>> slice(Iterator<Map.Entry<byte[], byte[]>> entries) throws Lost {
        return thread.call("list the chunks", () -> {
            List<Map.Entry<ChunkId, Entry>> slice = new ArrayList<>(SLICE);
            while (slice.size() < SLICE && entries.hasNext()) {
                Map.Entry<byte[], byte[]> next = entries.next();
                byte[] key = next.getKey();
                Entry entry = IndexValue.decode(key, next.getValue());
                if (entry != null) {
                    slice.add(Map.entry(ChunkId.ofBytes(key), entry));
                }
            }
            return slice;
        });
    }

    @Override
    public void flush() throws Lost {
        thread.call("make the index durable", () -> {
            Failpoints.hit(Failpoint.INDEX_COMMIT);
            db.commit();
            return true;
        });
    }

    @Override
    public void close(Ledger.Sums sums) {
        try {
            flush();
            thread.call("close the index", () -> {
                db.close();
                return true;
            });
            marker.writeBlocking(file, sums);
        } catch (Lost | IOException e) {
            LOG.warn("The index of the cache was not closed in order and will be made anew: {}", e.getMessage());
        } finally {
            thread.end();
        }
    }

    @Override
    public void discard() {
        try {
            marker.removeBlocking();
            Files.deleteIfExists(file);
            thread.call("give the index up", () -> {
                db.close();
                return true;
            });
        } catch (Lost | IOException e) {
            LOG.debug("giving an index up", e);
        } finally {
            thread.end();
        }
    }
}
