package dev.musicfs.content.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.content.fetch.ContentStats;
import dev.musicfs.content.fetch.Pipeline;
import dev.musicfs.content.fetch.ReadReply;
import dev.musicfs.content.fetch.TestingLoop;
import dev.musicfs.content.plan.LayoutSource;
import dev.musicfs.content.plan.MapManifests;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.testkit.ManualClock;
import dev.musicfs.testkit.TestingSource;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The content room on one thread: nothing happens but what the test lets happen, always in the same order. */
final class TestingRoom {
    static final int KIB = 1 << 10;
    static final int MIB = 1 << 20;
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final ManualClock clock = new ManualClock();
    final TestingLoop loop = new TestingLoop(clock);
    final HeldTasks writers = new HeldTasks();
    final HeldTasks searchers = new HeldTasks();
    final HeldTasks hashers = new HeldTasks();
    final MapChunkStore store = new MapChunkStore();
    final MapManifests manifests = new MapManifests();
    final BytesOrigin origin = new BytesOrigin("far");
    final List<Long> stale = new ArrayList<>();
    private final List<Reading> readings = new ArrayList<>();
    private final List<CachedFile> open = new ArrayList<>();
    final TestingSource.Origins origins = new TestingSource.Origins();
    LayoutSource layouts = LayoutSource.unknown();
    final Pipeline pipeline;
    final SharedFiles files;

    TestingRoom() {
        this(48L << 20, 0);
    }

    TestingRoom(long memoryBytes, long readAheadBytes) {
        pipeline = new Pipeline(new Pipeline.Parts(
                loop,
                writers,
                searchers,
                hashers,
                clock,
                store,
                manifests,
                (source, extension, deadline) -> layouts.layout(source, extension, deadline),
                origins,
                memoryBytes,
                readAheadBytes));
        files = new SharedFiles(pipeline);
        origins.add(origin);
    }

    static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Audio between a header and a trailer. */
    static AudioLayout layout(long start, long end) {
        return new AudioLayout(start, end, List.of(), "");
    }

    /** A file of the origin with this layout, opened. */
    CachedFile open(long id, byte[] bytes) {
        return open(id, origin.put("f" + id, bytes, 1));
    }

    CachedFile open(long id, FileVersion version) {
        return open(id, version, origin);
    }

    CachedFile open(long id, FileVersion version, Origin from) {
        origins.add(from);
        FileRow row = row(id, version, from);
        return open(row, List.of(whole(row)));
    }

    /** A file with these copies, the first of which is the row itself. */
    CachedFile open(FileRow row, List<Copy> copies) {
        Future<CachedFile> opened = files.open(row, copies, () -> stale.add(row.id()));
        settle();
        assertThat(opened.succeeded()).isTrue();
        open.add(opened.result());
        return opened.result();
    }

    static Copy whole(FileRow row) {
        return Copy.whole(row.origin(), row.path(), row.version());
    }

    FileRow row(long id, FileVersion version, Origin from) {
        RealPath path = new RealPath("f" + id);
        return new FileRow(id, from.id(), path, FileKind.AUDIO, version, 0, TrackTags.unknown("flac"), true);
    }

    /** Lets everything happen that can without time passing or a held call being answered. */
    void settle() {
        boolean any = true;
        while (any) {
            any = loop.run();
            any |= hashers.run();
            any |= searchers.run();
            any |= writers.run();
        }
    }

    void pass(Duration time) {
        clock.advance(time);
        loop.fireTimers();
        settle();
    }

    /** A read on its way. */
    final class Reading {
        final CachedFile file;
        final long offset;
        final ByteBuffer dst;
        final Deadline deadline = Deadline.in(PATIENCE, clock::monotonicNanos);
        int result = CachedFile.MISSING;
        int round;
        Future<ReadReply> reply;

        Reading(CachedFile file, long offset, int length) {
            this.file = file;
            this.offset = offset;
            this.dst = ByteBuffer.allocateDirect(length);
            readings.add(this);
            result = file.readPresentBlocking(dst, offset);
            if (result == CachedFile.MISSING) {
                ask();
            }
        }

        private void ask() {
            assertThat(dst.position()).isZero();
            ByteRange range =
                    new ByteRange(offset, dst.remaining()).within(file.version().sizeBytes());
            reply = file.read(range, round++ > 1, deadline).onSuccess(bytes -> {
                // As a reader of the mount does: what is in memory is copied by whoever brings it.
                if (bytes.isInMemory()) {
                    result = file.takeBlocking(bytes, dst);
                }
            });
        }

        boolean answered() {
            return result != CachedFile.MISSING || reply.isComplete();
        }

        /** Nobody waits for it any more. */
        void abandon() {
            if (reply != null && reply.succeeded()) {
                reply.result().close();
            }
        }

        /** Takes the reply if there is one; whether the read is over. Throws what the reader would see. */
        boolean goOn() {
            while (result == CachedFile.MISSING) {
                settle();
                if (!reply.isComplete()) {
                    return false;
                }
                if (reply.failed()) {
                    throw MusicFsException.wrap("read", reply.cause());
                }
                if (result == CachedFile.MISSING) {
                    result = file.takeBlocking(reply.result(), dst);
                }
                if (result == CachedFile.MISSING) {
                    ask();
                }
            }
            return true;
        }

        /** What a reader would get, which must be clear by now. */
        byte[] bytes() {
            assertThat(goOn()).as("the read is answered").isTrue();
            byte[] bytes = new byte[result];
            dst.get(0, bytes);
            return bytes;
        }
    }

    Reading start(CachedFile file, long offset, int length) {
        return new Reading(file, offset, length);
    }

    byte[] read(CachedFile file, long offset, int length) {
        Reading reading = start(file, offset, length);
        byte[] bytes = reading.bytes();
        settle();
        return bytes;
    }

    ContentStats stats() {
        return pipeline.counters().snapshot();
    }

    /** Everybody closes what is open, and nothing may be held for anybody any more. */
    void end() {
        open.forEach(CachedFile::close);
        assertNothingIsHeld();
    }

    /** Nothing is open or on its way any more, and so nothing may be held. */
    void assertNothingIsHeld() {
        settle();
        readings.forEach(Reading::abandon);
        ContentStats now = stats();
        assertThat(now.inFlightBytes()).as("in flight").isZero();
        assertThat(now.heldBytes()).as("held").isZero();
        assertThat(now.pendingWriteBytes()).as("waiting to be stored").isZero();
        assertThat(now.waiting()).as("waiting for memory").isZero();
        assertThat(now.openFiles()).as("open").isZero();
        assertThat(loop.timers()).as("timers").isZero();
        assertThat(pipeline.pool().lentBytes()).as("lent").isZero();
    }
}
