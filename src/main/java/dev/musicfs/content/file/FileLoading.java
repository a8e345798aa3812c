package dev.musicfs.content.file;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.content.fetch.CarryOver;
import dev.musicfs.content.fetch.Pipeline;
import dev.musicfs.content.plan.BlockAddresses;
import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.content.plan.Manifest;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.origin.FileSource;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what is known of a version of a file: its manifest when it is opened; without one, when it is first read, its
 * layout and what can be taken over from the version before. Each of these may fail or hang; the file is then read as
 * one of which nothing is known. Confined to the loop.
 */
final class FileLoading {
    private static final Logger log = LoggerFactory.getLogger(FileLoading.class);
    /** How long an opening waits for the manifest. */
    private static final Duration LOADING = Duration.ofSeconds(2);
    /** How long the first read waits to learn how the file is cut. */
    private static final Duration CUTTING = Duration.ofSeconds(10);

    private final Pipeline pipeline;
    private final FileRow file;
    private final Supplier<FileSource> source;
    private final Listener listener;
    private final Promise<Void> loaded = Promise.promise();
    private final Promise<Void> cut = Promise.promise();
    private Optional<Manifest> previous = Optional.empty();
    private @Nullable AudioLayout layout;
    private boolean started;
    private Runnable stopTimer = () -> {};

    /** @param source the copies that may be read at present */
    FileLoading(Pipeline pipeline, FileRow file, Supplier<FileSource> source, Listener listener) {
        this.pipeline = pipeline;
        this.file = file;
        this.source = source;
        this.listener = listener;
    }

    /** Learns the outcome; called on the loop. */
    interface Listener {
        /**
         * The file is cut; called once.
         *
         * @param written whether the manifest says so already
         */
        void known(BlockAddresses addresses, boolean written);

        /** These blocks were kept from the version before; called once after {@link #known}, when readers have been let go on. */
        void carried(Map<Integer, ChunkId> blocks);
    }

    /**
     * Loads the manifest; {@link #loaded} never fails.
     *
     * @param believed whether a manifest of this version may be used
     */
    void load(boolean believed) {
        Runnable stop = pipeline.loop().after(LOADING, () -> loaded.tryComplete());
        manifest().onComplete(found -> pipeline.loop().execute(() -> {
            stop.run();
            if (found.failed()) {
                log.debug("the manifest of {} cannot be had; it is fetched anew", file.path(), found.cause());
            } else if (!loaded.future().isComplete() && believed) {
                found.result().ifPresent(this::use);
            }
            loaded.tryComplete();
        }));
    }

    private Future<Optional<Manifest>> manifest() {
        try {
            Failpoints.hit(Failpoint.READER_MANIFEST_FETCH);
            return pipeline.parts().manifests().load(file.id());
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void use(Manifest manifest) {
        if (!manifest.version().equals(file.version())) {
            previous = Optional.of(manifest);
        } else if (BlockPlan.fits(file.version().sizeBytes(), manifest.layout())) {
            finish(new BlockAddresses(file.version().sizeBytes(), manifest.layout(), manifest.chunks()), true);
        }
    }

    Future<Void> loaded() {
        return loaded.future();
    }

    /** Whether the origin may still be asked something. */
    boolean running() {
        return started && !cut.future().isComplete();
    }

    /**
     * Finds out how the file is cut; the future never fails and completes on the loop.
     *
     * @param reader how long the first who asks can wait
     */
    Future<Void> cut(Deadline reader) {
        if (!started && !cut.future().isComplete()) {
            started = true;
            Duration patience = reader.remaining().compareTo(CUTTING) < 0 ? reader.remaining() : CUTTING;
            Deadline deadline = pipeline.deadline(patience);
            stopTimer = pipeline.loop().after(patience, () -> finish(Map.of()));
            layout(deadline).onComplete(found -> pipeline.loop().execute(() -> carryOver(found, deadline)));
        }
        return cut.future();
    }

    private Future<AudioLayout> layout(Deadline deadline) {
        Pipeline.Parts parts = pipeline.parts();
        FileSource now = source.get();
        return parts.manifests()
                .layout(file.id(), file.version())
                .otherwise(Optional.empty())
                .compose(known -> known.map(Future::succeededFuture).orElseGet(() -> parts.layouts()
                        .layout(now, file.path().extension(), deadline)
                        .onSuccess(this::note)));
    }

    private void note(AudioLayout read) {
        pipeline.parts()
                .manifests()
                .putLayout(file.id(), file.version(), read)
                .onFailure(e -> log.debug("the layout of {} could not be noted; it is read again", file.path(), e));
    }

    private void carryOver(AsyncResult<AudioLayout> found, Deadline deadline) {
        if (!running()) {
            return;
        }
        if (found.failed()) {
            log.debug("the layout of {} cannot be had", file.path(), found.cause());
        } else if (BlockPlan.fits(file.version().sizeBytes(), found.result())) {
            layout = found.result();
        }
        AudioLayout now = layout;
        if (now == null || previous.isEmpty()) {
            finish(Map.of());
            return;
        }
        new CarryOver(pipeline, source.get(), previous.get(), now, deadline)
                .run()
                .onComplete(carried -> pipeline.loop().execute(() -> {
                    if (carried.failed()) {
                        log.debug(
                                "nothing is taken over from the previous version of {}", file.path(), carried.cause());
                    }
                    finish(carried.succeeded() ? carried.result() : Map.of());
                }));
    }

    private void finish(Map<Integer, ChunkId> carried) {
        if (running()) {
            long size = file.version().sizeBytes();
            AudioLayout now = layout;
            finish(new BlockAddresses(size, now == null ? AudioLayout.unknown(size) : now, carried), false);
            listener.carried(carried);
        }
    }

    private void finish(BlockAddresses known, boolean written) {
        stopTimer.run();
        listener.known(known, written);
        cut.complete();
    }
}
