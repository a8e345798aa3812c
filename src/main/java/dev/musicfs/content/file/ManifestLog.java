package dev.musicfs.content.file;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.content.fetch.Pipeline;
import dev.musicfs.content.plan.BlockAddresses;
import dev.musicfs.content.plan.Manifest;
import dev.musicfs.content.plan.Manifests;
import dev.musicfs.failure.Dropped;
import dev.musicfs.model.ChunkId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the manifest of one version of a file: several blocks at a time, one write after the other. What cannot be
 * written is tried again as long as the file is open, and then given up: its blocks are fetched again one day. Confined to
 * the loop.
 */
final class ManifestLog {
    private static final Logger log = LoggerFactory.getLogger(ManifestLog.class);
    private static final int MAX_BATCH = 32;
    private static final Duration DELAY = Duration.ofSeconds(5);

    private final Pipeline pipeline;
    private final FileRow file;
    private final Owner owner;
    private final Map<Integer, ChunkId> pending = new HashMap<>();
    private Runnable stopTimer = () -> {};
    private boolean timed;
    private boolean begun;
    private boolean writing;
    private boolean ended;
    private boolean completed;
    private Promise<Void> idle = Promise.promise();

    /** Nothing is written yet. */
    ManifestLog(Pipeline pipeline, FileRow file, Owner owner) {
        this.pipeline = pipeline;
        this.file = file;
        this.owner = owner;
    }

    /** The open file whose manifest it is. */
    interface Owner {
        /** Whether nobody has it open: what cannot be written then is given up. */
        boolean closed();

        /** Whether no later version has been opened, whose manifest this one must not replace. */
        boolean newest();

        /** What is known of its blocks; only after some have been added. */
        BlockAddresses addresses();

        /** The manifest holds nothing any more but what was written here. */
        void begun();

        /** Nothing is being written any more. */
        void idle();
    }

    /** The manifest is there already, with the layout this file is cut by. */
    void alreadyBegun() {
        begun = true;
    }

    @Dropped("the log says what it cannot write and tries it again")
    void add(int block, ChunkId chunk) {
        if (ended) {
            return;
        }
        pending.put(block, chunk);
        completed = false;
        if (pending.size() >= MAX_BATCH || owner.closed()) {
            flush();
        } else {
            later();
        }
    }

    @Dropped("the log says what it cannot write and tries it again")
    private void later() {
        if (!timed) {
            timed = true;
            stopTimer = pipeline.loop().after(DELAY, this::flush);
        }
    }

    /** Whether nothing is left to be written. */
    boolean quiet() {
        return pending.isEmpty() && !writing;
    }

    /** Writes what has been added; the future ends when nothing is left to be written or a write has failed. */
    Future<Void> flush() {
        stopTimer.run();
        timed = false;
        if (quiet()) {
            return Future.succeededFuture();
        }
        if (!writing) {
            write();
        }
        return idle.future();
    }

    /** Ends it: what has not been written never is. */
    void end() {
        ended = true;
        stopTimer.run();
        timed = false;
        pending.clear();
    }

    private void write() {
        writing = true;
        Map<Integer, ChunkId> batch = Map.copyOf(pending);
        pending.clear();
        Manifests manifests = pipeline.parts().manifests();
        boolean beginning = !begun;
        boolean newest = owner.newest();
        Future<Void> written = !beginning
                ? manifests.add(file.id(), file.version(), batch)
                : newest ? manifests.begin(file.id(), whole()) : Future.succeededFuture();
        written.onComplete(done -> pipeline.loop().execute(() -> {
            writing = false;
            if (done.succeeded()) {
                begun = begun || beginning;
                if (beginning && newest && !ended) {
                    owner.begun();
                }
            } else {
                log.debug("the manifest of {} could not be written", file.path(), done.cause());
                if (!ended && !owner.closed()) {
                    batch.forEach(pending::putIfAbsent);
                    later();
                }
            }
            if (done.succeeded()) {
                tellCompletion();
            }
            goOn(done.succeeded());
        }));
    }

    private Manifest whole() {
        BlockAddresses known = owner.addresses();
        return new Manifest(file.version(), known.layout(), known.all());
    }

    private void tellCompletion() {
        Manifest whole = whole();
        if (completed
                || !begun
                || ended
                || !quiet()
                || !owner.newest()
                || whole.chunks().size() < owner.addresses().plan().count()) {
            return;
        }
        completed = true;
        pipeline.parts()
                .manifests()
                .completed(file.id(), whole)
                .onFailure(e -> log.debug("the content hash of {} could not be written", file.path(), e));
    }

    private void goOn(boolean succeeded) {
        if (succeeded && (pending.size() >= MAX_BATCH || (owner.closed() && !pending.isEmpty()))) {
            write();
            return;
        }
        if (owner.closed()) {
            pending.clear();
        }
        Promise<Void> told = idle;
        idle = Promise.promise();
        told.complete();
        owner.idle();
    }
}
