package dev.musicfs.library;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.TrackTags;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.Calls;
import dev.musicfs.runtime.SingleFlight;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes rows of files by reading their tags, a bounded number at a time and in order. When a read fails as
 * if the origin were away, the origin is probed; if it is away, all waiting reads fail with that and no more are made. On
 * the context.
 */
final class RowReader {
    private final OriginId origin;
    private final TagSource tags;
    private final Context context;
    private final int width;
    private final Supplier<Future<Void>> probe;
    private final UnknownEntries unknown;
    private final UnreadableFilesLog unreadable;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Set<Waiting> reading = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean starting;
    private final SingleFlight<OriginId, Void> probing = new SingleFlight<>();

    /** A row, and the layout of that version of its file when it is known. */
    record Found(FileRow row, Optional<AudioLayout> layout) {}

    private record Waiting(OriginEntry entry, long fileId, Promise<Optional<Found>> promise) {}

    /**
     * @param width how many files are read at a time
     * @param probe whether the origin is there, answered on the context
     * @param unknown told of what could not be read
     */
    RowReader(
            OriginId origin,
            TagSource tags,
            Context context,
            int width,
            Supplier<Future<Void>> probe,
            UnknownEntries unknown) {
        this.origin = origin;
        this.tags = tags;
        this.context = context;
        this.width = width;
        this.probe = probe;
        this.unknown = unknown;
        this.unreadable = new UnreadableFilesLog(origin);
    }

    /** A new round may log failures again, though none that was logged before. */
    void beginRound() {
        unreadable.beginRound();
    }

    /**
     * Empty when the file could not be read; a damaged one is a row like any other, without tags. Fails only when the
     * origin turned out to be away.
     */
    Future<Optional<Found>> read(OriginEntry entry, long fileId) {
        FileKind kind = FolderDiff.kindOf(entry);
        if (kind == FileKind.COVER) {
            FileRow row =
                    row(entry, fileId, kind, TrackTags.unknown(entry.path().extension()), true);
            return Future.succeededFuture(Optional.of(new Found(row, Optional.empty())));
        }
        Promise<Optional<Found>> promise = Promise.promise();
        waiting.add(new Waiting(entry, fileId, promise));
        startWaiting();
        return promise.future();
    }

    /** Fails all reads that were asked for; answers that come later are dropped. */
    void stop() {
        MusicFsException stopping =
                new MusicFsException(FailureKind.UNAVAILABLE, "Origin " + origin + " is being stopped.");
        giveUp(stopping);
        List.copyOf(reading).forEach(one -> one.promise.tryFail(stopping));
    }

    private void startWaiting() {
        if (starting || probing.size() > 0) {
            return;
        }
        starting = true;
        while (reading.size() < width && probing.size() == 0 && !waiting.isEmpty()) {
            Waiting next = waiting.remove();
            reading.add(next);
            Calls.safely(() -> tags.read(next.entry.path(), next.entry.version()))
                    .onComplete(result -> context.runOnContext(v -> {
                        reading.remove(next);
                        if (next.promise.future().isComplete()) {
                            return;
                        }
                        if (result.succeeded()) {
                            next.promise.tryComplete(Optional.of(found(next, result.result())));
                        } else {
                            failed(next, result.cause());
                        }
                        startWaiting();
                    }));
        }
        starting = false;
    }

    private Found found(Waiting one, ReadFile read) {
        return new Found(
                row(one.entry, one.fileId, FileKind.AUDIO, read.tags(), true),
                read.layout().filter(layout -> fits(layout, one.entry.version())));
    }

    private void failed(Waiting one, Throwable failure) {
        FailureKind kind = MusicFsException.kindOf(failure);
        if (kind == FailureKind.CORRUPT) {
            one.promise.tryComplete(Optional.of(damaged(one, failure)));
        } else if (kind == FailureKind.UNAVAILABLE || kind == FailureKind.TIMEOUT) {
            // Several files fail at once when an origin goes: it is probed once, and nothing is begun meanwhile.
            probing.run(origin, probe).onComplete(there -> {
                if (there.succeeded()) {
                    unreadable(one, failure);
                    startWaiting();
                } else {
                    giveUp(there.cause());
                    one.promise.tryFail(there.cause());
                }
            });
        } else {
            unreadable(one, failure);
        }
    }

    private void giveUp(Throwable away) {
        while (!waiting.isEmpty()) {
            waiting.remove().promise.tryFail(away);
        }
    }

    private void unreadable(Waiting one, Throwable failure) {
        unknown.unreadable(one.entry.path(), failure);
        unreadable.unreadable(one.entry, failure);
        one.promise.tryComplete(Optional.empty());
    }

    private Found damaged(Waiting one, Throwable failure) {
        unreadable.damaged(one.entry, failure);
        TrackTags none = TrackTags.unknown(one.entry.path().extension());
        return new Found(row(one.entry, one.fileId, FileKind.AUDIO, none, false), Optional.empty());
    }

    // A file can be replaced between its listing and its reading; the next round finds out, until then there is none.
    private static boolean fits(AudioLayout layout, FileVersion version) {
        return layout.audioEnd() <= version.sizeBytes()
                && layout.pictures().stream().allMatch(picture -> picture.end() <= version.sizeBytes());
    }

    private FileRow row(OriginEntry entry, long fileId, FileKind kind, TrackTags found, boolean wellFormed) {
        return new FileRow(fileId, origin, entry.path(), kind, entry.version(), entry.fileKey(), found, wellFormed);
    }
}
