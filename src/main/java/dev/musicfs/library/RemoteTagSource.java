package dev.musicfs.library;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.formats.AudioFormats;
import dev.musicfs.formats.FetchedRanges;
import dev.musicfs.formats.LayoutReader;
import dev.musicfs.formats.LayoutStep;
import dev.musicfs.formats.TagRanges;
import dev.musicfs.formats.TagReader;
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
 * say lies elsewhere. The parsers get a sparse file of the true length. Only when they make nothing of that is more
 * fetched, up to 16 MiB, so that no file is called damaged for what was not looked at.
 */
final class RemoteTagSource implements TagSource {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteTagSource.class);

    private static final int HEAD_BYTES = 64 << 10;
    private static final int TAIL_BYTES = 16 << 10;

    /** Where the index and the tags of most tracks fit when they lie at the end. */
    private static final int MP4_TAIL_BYTES = 64 << 10;

    private static final Set<String> MP4 = Set.of("m4a", "m4b", "mp4");

    /** Of a file that makes no sense otherwise, so much of its beginning and its end. */
    private static final long SECOND_LOOK_HEAD_BYTES = 12 << 20;

    private static final long SECOND_LOOK_TAIL_BYTES = 4 << 20;
    private static final int SECOND_LOOK_PIECE_BYTES = 1 << 20;

    private final Origin origin;
    private final Duration timeout;
    private final ScanSlots slots;
    private final TagReader tags;
    private final boolean layouts;
    private final SparseFiles sparse;
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
            SparseFiles sparse,
            WorkerExecutor workers,
            ParseNotes.Noted notes) {
        this.origin = origin;
        this.timeout = timeout;
        this.slots = slots;
        this.tags = tags;
        this.layouts = layouts;
        this.sparse = sparse;
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
        private boolean doubtful;

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

        /** One range after another until nothing is missing, then the parsers. */
        Future<ReadFile> go() {
            return working(false, this::missingBlocking)
                    .compose(missing -> missing.isPresent()
                            ? fetch(List.of(missing.get())).compose(v -> go())
                            : working(true, this::parseBlocking));
        }

        private Optional<ByteRange> missingBlocking() {
            Optional<ByteRange> missing = Optional.empty();
            if (!doubtful) {
                try {
                    missing = TagRanges.missing(known);
                } catch (MusicFsException e) {
                    LOG.debug("{}: {}", path, e.getMessage());
                    doubtful = true;
                }
            }
            return missing.isEmpty() && layouts ? layoutNeeds() : missing;
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

        private ReadFile parseBlocking() {
            if (doubtful && !known.isWhole()) {
                throw new MusicFsException(FailureKind.CORRUPT, "cannot tell where the tags of " + path + " are");
            }
            return parsedBlocking(known::writeToBlocking);
        }

        private ReadFile parsedBlocking(SparseFiles.Fill fill) {
            TrackTags found =
                    sparse.withBlocking(version.sizeBytes(), fill, file -> tags.readBlocking(file, path.extension()));
            return new ReadFile(found, layout());
        }

        /** The whole file if it is not too long, fetched anew: what was there may have been damaged on its way. */
        Future<ReadFile> lookAgain() {
            long size = version.sizeBytes();
            List<ByteRange> wanted = new ArrayList<>();
            long headEnd = Math.min(size, SECOND_LOOK_HEAD_BYTES);
            addPieces(wanted, 0, headEnd);
            addPieces(wanted, Math.max(headEnd, size - SECOND_LOOK_TAIL_BYTES), size);
            return pieces(wanted, new ArrayList<>())
                    .compose(given -> working(
                            true,
                            () -> parsedBlocking(file -> {
                                for (int i = 0; i < given.size(); i++) {
                                    file.write(
                                            ByteBuffer.wrap(given.get(i).getBytes()),
                                            wanted.get(i).offset());
                                }
                            })));
        }

        private void addPieces(List<ByteRange> wanted, long from, long end) {
            for (long at = from; at < end; at += SECOND_LOOK_PIECE_BYTES) {
                wanted.add(new ByteRange(at, Math.min(SECOND_LOOK_PIECE_BYTES, end - at)));
            }
        }

        private Future<List<Buffer>> pieces(List<ByteRange> wanted, List<Buffer> given) {
            return given.size() == wanted.size()
                    ? Future.succeededFuture(given)
                    : request(path, version, wanted.get(given.size())).compose(piece -> {
                        given.add(piece);
                        return pieces(wanted, given);
                    });
        }
    }
}
