package dev.musicfs.content.file;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.content.fetch.Pipeline;
import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.origin.Copy;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files that are open, one object for each version of each. Confined to the loop, apart from what is said otherwise. */
final class SharedFiles implements SharedFile.Registry {
    /** How many discredited versions are remembered; one that is forgotten is believed again. */
    private static final int MAX_DISCREDITED = 1024;

    private final Pipeline pipeline;
    private final Map<Key, SharedFile> files = new HashMap<>();
    private final Map<Long, SharedFile> newest = new HashMap<>();
    private final Cache<Key, Boolean> discredited = Caffeine.newBuilder()
            .maximumSize(MAX_DISCREDITED)
            .executor(Runnable::run)
            .build();

    SharedFiles(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    private record Key(long fileId, FileVersion version) {
        static Key of(SharedFile file) {
            return new Key(file.fileId(), file.version());
        }
    }

    /**
     * Opens a file without asking any origin; for any thread.
     *
     * @param copies where its bytes are: first the file itself
     */
    Future<CachedFile> open(FileRow row, List<Copy> copies, Runnable onStale) {
        if (row.version().sizeBytes() > BlockPlan.MAX_FILE_BYTES) {
            return Future.failedFuture(new MusicFsException(
                    FailureKind.INVALID, row.path() + " of " + row.origin() + " is too large to be read."));
        }
        Promise<CachedFile> opened = Promise.promise();
        pipeline.loop().enter(() -> {
            Key key = new Key(row.id(), row.version());
            SharedFile file = files.get(key);
            if (file == null) {
                file = new SharedFile(pipeline, this, row, copies, onStale);
                files.put(key, file);
                newest.put(row.id(), file);
                pipeline.counters().openFiles.set(files.size());
                file.load(discredited.getIfPresent(key) == null);
            } else {
                file.copies(copies);
            }
            CachedFile handle = new CachedFile(file);
            file.loaded().onComplete(done -> opened.complete(handle));
        });
        return opened.future();
    }

    @Override
    public boolean isNewest(SharedFile file) {
        return newest.get(file.fileId()) == file;
    }

    @Override
    public void remove(SharedFile file) {
        files.remove(Key.of(file), file);
        newest.remove(file.fileId(), file);
        pipeline.counters().openFiles.set(files.size());
    }

    @Override
    public void discredit(SharedFile file) {
        remove(file);
        discredited.put(Key.of(file), true);
    }

    @Override
    public void credit(SharedFile file) {
        discredited.invalidate(Key.of(file));
    }

    /** Writes down what is known of every open file; for any thread. */
    Future<Void> flush() {
        Promise<Void> flushed = Promise.promise();
        pipeline.loop().execute(() -> {
            List<Future<Void>> all = new ArrayList<>();
            List.copyOf(files.values()).forEach(file -> all.add(file.flush()));
            Future.join(all).<Void>mapEmpty().onComplete(flushed);
        });
        return flushed.future();
    }
}
