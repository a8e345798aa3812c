package dev.musicfs.content.file;

import dev.musicfs.content.plan.Manifest;
import dev.musicfs.content.plan.Manifests;
import dev.musicfs.model.ChunkId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down which blocks one version of a file consists of, several at a time, one write after the other. What cannot
 * be written is tried again as long as the file is open, and then given up: it is only fetched again one day. Confined to
 * the loop.
 */
final class ManifestLog {
    private static final Logger log = LoggerFactory.getLogger(ManifestLog.class);
    private static final int MAX_BATCH = 32;
    private static final Duration DELAY = Duration.ofSeconds(5);

    private final SharedFile file;
    private final Map<Integer, ChunkId> pending = new HashMap<>();
    private Runnable stopTimer = () -> {};
    private boolean timed;
    private boolean begun;
    private boolean writing;
    private boolean ended;
    private boolean completed;
    private Promise<Void> idle = Promise.promise();

    ManifestLog(SharedFile file) {
        this.file = file;
    }

    /** The manifest is there already, with the layout this file is cut by. */
    void alreadyBegun() {
        begun = true;
    }

    void add(int block, ChunkId chunk) {
        if (ended) {
            return;
        }
        pending.put(block, chunk);
        completed = false;
        if (pending.size() >= MAX_BATCH || file.closed()) {
            flush();
        } else {
            later();
        }
    }

    private void later() {
        if (!timed) {
            timed = true;
            stopTimer = file.pipeline().loop().after(DELAY, this::flush);
        }
    }

    /** Whether nothing is left to be written. */
    boolean quiet() {
        return pending.isEmpty() && !writing;
    }

    /** Writes down what has come together; the future ends when nothing is left to be written, or it has failed. */
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

    /** Nothing is written any more. */
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
        Manifests manifests = file.pipeline().parts().manifests();
        boolean beginning = !begun;
        boolean newest = file.newest();
        Future<Void> written = !beginning
                ? manifests.add(file.fileId(), file.version(), batch)
                : newest
                        ? manifests.begin(
                                file.fileId(),
                                new Manifest(
                                        file.version(),
                                        file.addresses().layout(),
                                        file.addresses().all()))
                        : Future.succeededFuture();
        written.onComplete(done -> file.pipeline().loop().execute(() -> {
            writing = false;
            if (done.succeeded()) {
                begun = begun || beginning;
                if (beginning && newest && !ended) {
                    file.manifestBegun();
                }
            } else {
                log.debug("the manifest of {} could not be written", file, done.cause());
                if (!ended && !file.closed()) {
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

    private void tellCompletion() {
        Map<Integer, ChunkId> all = file.addresses().all();
        if (completed
                || !begun
                || ended
                || !quiet()
                || !file.newest()
                || all.size() < file.addresses().plan().count()) {
            return;
        }
        completed = true;
        file.pipeline()
                .parts()
                .manifests()
                .completed(
                        file.fileId(),
                        new Manifest(file.version(), file.addresses().layout(), all))
                .onFailure(e -> log.debug("the content hash of {} could not be written", file, e));
    }

    private void goOn(boolean succeeded) {
        if (succeeded && (pending.size() >= MAX_BATCH || (file.closed() && !pending.isEmpty()))) {
            write();
            return;
        }
        if (file.closed()) {
            pending.clear();
        }
        Promise<Void> told = idle;
        idle = Promise.promise();
        told.complete();
        file.settle();
    }
}
