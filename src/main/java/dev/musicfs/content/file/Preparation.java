package dev.musicfs.content.file;

import dev.musicfs.content.fetch.Loop;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what is known of a version of a file: its manifest when it is opened; without one, when it is first read, its
 * layout and what can be taken over from the version before. Each of that may fail or hang, and then the file is read as
 * one nothing is known of. Confined to the loop.
 */
final class Preparation {
    private static final Logger log = LoggerFactory.getLogger(Preparation.class);
    private static final Duration LOADING = Duration.ofSeconds(2);
    private static final Duration PREPARING = Duration.ofSeconds(10);

    private final SharedFile file;
    private final Promise<Void> loaded = Promise.promise();
    private final Promise<Void> done = Promise.promise();
    private Optional<Manifest> previous = Optional.empty();
    private @Nullable AudioLayout layout;
    private boolean started;
    private Runnable stopTimer = () -> {};

    Preparation(SharedFile file) {
        this.file = file;
    }

    /** Loads the manifest; {@link #loaded} never fails. */
    void load(boolean discredited) {
        Loop loop = file.pipeline().loop();
        Runnable stop = loop.after(LOADING, () -> loaded.tryComplete());
        manifest()
                .onComplete(found -> loop.execute(() -> {
                    stop.run();
                    if (found.failed()) {
                        log.debug("the manifest of {} cannot be had; it is fetched anew", file, found.cause());
                    } else if (!loaded.future().isComplete() && !discredited) {
                        found.result().ifPresent(this::use);
                    }
                    loaded.tryComplete();
                }));
    }

    private Future<Optional<Manifest>> manifest() {
        try {
            Failpoints.hit(Failpoint.READER_MANIFEST_FETCH);
            return file.pipeline().parts().manifests().load(file.fileId());
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void use(Manifest manifest) {
        if (!manifest.version().equals(file.version())) {
            previous = Optional.of(manifest);
        } else if (BlockPlan.fits(file.version().sizeBytes(), manifest.layout())) {
            file.log().alreadyBegun();
            finish(new BlockAddresses(file.version().sizeBytes(), manifest.layout(), manifest.chunks()));
        }
    }

    Future<Void> loaded() {
        return loaded.future();
    }

    /** Whether the origin may still be asked something. */
    boolean running() {
        return started && !done.future().isComplete();
    }

    /**
     * How the file is cut; the future never fails and completes on the loop.
     *
     * @param reader how long the first who asks can wait
     */
    Future<Void> done(Deadline reader) {
        if (!started && !done.future().isComplete()) {
            started = true;
            Duration patience = reader.remaining().compareTo(PREPARING) < 0 ? reader.remaining() : PREPARING;
            Deadline deadline = file.pipeline().deadline(patience);
            stopTimer = file.pipeline().loop().after(patience, () -> finish(Map.of()));
            layout(deadline).onComplete(found -> file.pipeline().loop().execute(() -> carryOver(found, deadline)));
        }
        return done.future();
    }

    private Future<AudioLayout> layout(Deadline deadline) {
        Pipeline.Parts parts = file.pipeline().parts();
        FileSource source = file.copies().source();
        return parts.manifests()
                .layout(file.fileId(), file.version())
                .otherwise(Optional.empty())
                .compose(known -> known.map(Future::succeededFuture).orElseGet(() -> parts.layouts()
                        .layout(source, file.path().extension(), deadline)
                        .onSuccess(this::note)));
    }

    private void note(AudioLayout read) {
        file.pipeline()
                .parts()
                .manifests()
                .putLayout(file.fileId(), file.version(), read)
                .onFailure(e -> log.debug("the layout of {} could not be noted; it is read again", file, e));
    }

    private void carryOver(AsyncResult<AudioLayout> found, Deadline deadline) {
        if (!running()) {
            return;
        }
        long size = file.version().sizeBytes();
        if (found.failed()) {
            log.debug("the layout of {} cannot be had", file, found.cause());
        } else if (BlockPlan.fits(size, found.result())) {
            layout = found.result();
        }
        AudioLayout now = layout;
        if (now == null || previous.isEmpty()) {
            finish(Map.of());
            return;
        }
        new CarryOver(file, previous.get(), now, deadline)
                .run()
                .onComplete(carried -> file.pipeline().loop().execute(() -> {
                    if (carried.failed()) {
                        log.debug("nothing is taken over from the previous version of {}", file, carried.cause());
                    }
                    finish(carried.succeeded() ? carried.result() : Map.of());
                }));
    }

    private void finish(Map<Integer, ChunkId> carried) {
        if (!running()) {
            return;
        }
        long size = file.version().sizeBytes();
        AudioLayout now = layout;
        finish(new BlockAddresses(size, now == null ? AudioLayout.unknown(size) : now, carried));
        file.pipeline().counters().carriedBlocks.add(carried.size());
        carried.forEach(file.log()::add);
        file.log().flush();
        file.settle();
    }

    private void finish(BlockAddresses known) {
        stopTimer.run();
        file.addresses(known);
        done.complete();
    }
}
