package dev.musicfs.library;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.formats.AudioFormats;
import dev.musicfs.formats.FetchedRanges;
import dev.musicfs.formats.LayoutReader;
import dev.musicfs.formats.LayoutStep;
import dev.musicfs.formats.TagReader;
import dev.musicfs.formats.TagStep;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files of a remote origin for the library without fetching them: the beginning and the end at once, then what these
 * say lies elsewhere. Only when nothing of that makes sense is more fetched, up to 4 MiB, so that no file is called damaged
 * for what was not looked at.
 */
final class RemoteTagSource implements TagSource {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteTagSource.class);

    private static final int HEAD_BYTES = 64 << 10;
    private static final int TAIL_BYTES = 16 << 10;

    /** Where the index and the tags of most tracks fit when they lie at the end. */
    private static final int MP4_TAIL_BYTES = 64 << 10;

    private static final Set<String> MP4 = Set.of("m4a", "m4b", "mp4");

    private static final int SECOND_LOOK_PIECE_BYTES = 1 << 20;

    private final Origin origin;
    private final Duration timeout;
    private final ScanSlots slots;
    private final TagReader tags;
    private final boolean layouts;
    private final WorkerExecutor workers;
    private final ParseNotes.Noted notes;
    /** One at a time, since it is held in memory. */
    private final ScanSlots secondLooks = new ScanSlots(1);

    private final LongAdder files = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /**
     * What reading came to so far.
     *
     * @param files asked for by the library
     * @param requests made for them
     * @param bytes these brought
     */
    record Counts(long files, long requests, long bytes) {}

    /**
     * @param timeout how long one request may take, from when it has its slot
     * @param slots shared with the listings of the same scan
     * @param layouts whether layouts are wanted as well
     * @param workers the threads that parse, one file each; closed by their maker
     * @param notes where it is noted what is being parsed
     */
    RemoteTagSource(
            Origin origin,
            Duration timeout,
            ScanSlots slots,
            TagReader tags,
            boolean layouts,
            WorkerExecutor workers,
            ParseNotes.Noted notes) {
        this.origin = origin;
        this.timeout = timeout;
        this.slots = slots;
        this.tags = tags;
        this.layouts = layouts;
        this.workers = workers;
        this.notes = notes;
    }

    /** The same numbers grow as long as the process runs. */
    Counts counts() {
        return new Counts(files.sum(), requests.sum(), bytes.sum());
    }

    @Override
    public Future<ReadFile> read(RealPath path, FileVersion version) {
        if (!AudioFormats.isAudio(path.extension())) {
            return Future.failedFuture(
                    new MusicFsException(FailureKind.INVALID, "not an audio file by its extension: " + path));
        }
        files.increment();
        Scan scan = new Scan(path, version);
        return scan.fetch(scan.first())
                .compose(v -> scan.go())
                .recover(e -> MusicFsException.kindOf(e) == FailureKind.CORRUPT && !scan.known.isWhole()
                        ? secondLooks.run(scan::lookAgain)
                        : Future.failedFuture(e));
    }

    /** Exactly these bytes, which lie inside the file. An origin that gives fewer or more is not describing this version. */
    private Future<Buffer> request(RealPath path, FileVersion version, ByteRange range) {
        return slots.run(() -> {
                    requests.increment();
                    return origin.read(path, version, range, Deadline.in(timeout));
                })
                .compose(given -> {
                    bytes.add(given.length());
                    return given.length() == range.length()
                            ? Future.succeededFuture(given)
                            : Future.failedFuture(new MusicFsException(
                                    FailureKind.STALE,
                                    "the origin gave " + given.length() + " of " + range.length() + " bytes at "
                                            + range.offset() + " of " + path));
                });
    }

    /** One file being read; its steps follow each other. */
    private final class Scan {
        private final RealPath path;
        private final FileVersion version;
        private final FetchedRanges known;
        private Optional<TrackTags> found = Optional.empty();

        Scan(RealPath path, FileVersion version) {
            this.path = path;
            this.version = version;
            this.known = new FetchedRanges(version.sizeBytes());
        }

        private <T> Future<T> working(boolean last, Callable<T> work) {
            return workers.executeBlocking(() -> notes.stepBlocking(path, version, last, work), false);
        }

        List<ByteRange> first() {
            long size = version.sizeBytes();
            int tail = MP4.contains(path.extension()) ? MP4_TAIL_BYTES : TAIL_BYTES;
            if (size <= HEAD_BYTES + tail) {
                return size == 0 ? List.of() : List.of(new ByteRange(0, size));
            }
            return List.of(new ByteRange(0, HEAD_BYTES), new ByteRange(size - tail, tail));
        }

        Future<Void> fetch(List<ByteRange> ranges) {
            List<Future<Buffer>> answers = new ArrayList<>();
            ranges.forEach(range -> answers.add(request(path, version, range)));
            return Future.all(answers).map(all -> {
                for (int i = 0; i < ranges.size(); i++) {
                    known.add(
                            ranges.get(i).offset(),
                            ByteBuffer.wrap(answers.get(i).result().getBytes()));
                }
                return null;
            });
        }

        /** One range after another until nothing is missing. */
        Future<ReadFile> go() {
            return working(false, this::stepBlocking)
                    .compose(missing -> missing.isPresent()
                            ? fetch(List.of(missing.get())).compose(v -> go())
                            : working(true, this::readBlocking));
        }

        private Optional<ByteRange> stepBlocking() {
            if (found.isEmpty()) {
                TagStep step = tags.step(known, path.extension());
                if (step instanceof TagStep.Needs needs) {
                    return Optional.of(needs.range());
                }
                if (step instanceof TagStep.Done done) {
                    found = Optional.of(done.tags());
                }
            }
            return layouts ? layoutNeeds() : Optional.empty();
        }

        private ReadFile readBlocking() {
            return new ReadFile(found.orElseThrow(), layout());
        }

        private Optional<ByteRange> layoutNeeds() {
            try {
                return LayoutReader.step(known, path.extension()) instanceof LayoutStep.Needs needs
                        ? Optional.of(needs.range())
                        : Optional.empty();
            } catch (RuntimeException e) {
                LOG.debug("no layout of {}: {}", path, e.toString());
                return Optional.empty();
            }
        }

        private Optional<AudioLayout> layout() {
            try {
                return layouts && LayoutReader.step(known, path.extension()) instanceof LayoutStep.Done done
                        ? Optional.of(done.layout())
                        : Optional.empty();
            } catch (RuntimeException e) {
                return Optional.empty();
            }
        }

        /** Beginning and end, as much as may be known of a file, fetched anew: it may have been damaged on its way. */
        Future<ReadFile> lookAgain() {
            FetchedRanges again = new FetchedRanges(version.sizeBytes());
            List<ByteRange> pieces = new ArrayList<>();
            TagReader.secondLook(version.sizeBytes()).forEach(range -> addPieces(pieces, range));
            return piece(again, pieces, 0)
                    .compose(v -> working(true, () -> new ReadFile(tags.lookAgain(again, path.extension()), layout())));
        }

        private Future<Void> piece(FetchedRanges again, List<ByteRange> pieces, int next) {
            return next == pieces.size()
                    ? Future.succeededFuture()
                    : request(path, version, pieces.get(next)).compose(given -> {
                        again.add(pieces.get(next).offset(), ByteBuffer.wrap(given.getBytes()));
                        return piece(again, pieces, next + 1);
                    });
        }

        private static void addPieces(List<ByteRange> pieces, ByteRange range) {
            for (long at = range.offset(); at < range.end(); at += SECOND_LOOK_PIECE_BYTES) {
                pieces.add(new ByteRange(at, Math.min(SECOND_LOOK_PIECE_BYTES, range.end() - at)));
            }
        }
    }
}
