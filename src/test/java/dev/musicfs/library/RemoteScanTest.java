package dev.musicfs.library;

import static dev.musicfs.testkit.Outcomes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import dev.musicfs.testkit.FaultyOrigin;
import dev.musicfs.testkit.FaultyOrigin.Method;
import dev.musicfs.testkit.ManualClock;
import dev.musicfs.testkit.ManualTimers;
import dev.musicfs.testkit.MemoryOrigin;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is different when the origin is far away: requests cost time, and it may go in the middle of everything. */
final class RemoteScanTest {
    private static final int ALBUMS = 40;
    private static final int TRACKS = 10;
    private static final int BATCH = 20;
    private static final int READERS = 3;
    private static final OriginMode AWAY = new OriginMode.ReturnError(FailureKind.UNAVAILABLE);

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("dev.musicfs.library");

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Vertx vertx = TestingVertx.start();
    private final MemoryOrigin origin = new MemoryOrigin("far");
    private final FaultyOrigin faulty = new FaultyOrigin(origin, new ManualTimers());
    private final TestingCatalog catalog = new TestingCatalog();
    private final Set<RealPath> unreadable = ConcurrentHashMap.newKeySet();
    private final AtomicInteger tagReads = new AtomicInteger();
    private final AtomicInteger reading = new AtomicInteger();
    private final AtomicInteger mostReading = new AtomicInteger();
    private final List<LibrarySync> syncs = new ArrayList<>();
    private volatile int goneAfter = Integer.MAX_VALUE;
    private volatile int hangsAfter = Integer.MAX_VALUE;
    private final BlockingQueue<Promise<ReadFile>> hanging = new LinkedBlockingQueue<>();

    @BeforeEach
    void listen() {
        log.start();
        LOGGER.addAppender(log);
    }

    @AfterEach
    void stop() {
        LOGGER.detachAppender(log);
        hanging.forEach(read -> read.tryFail(new MusicFsException(FailureKind.UNAVAILABLE, "the test is over")));
        syncs.forEach(sync -> await(sync.stop()));
        await(vertx.close());
    }

    @Test
    @Resilience("2.5")
    void aScanThatIsKilledGoesOnWhereItWas() throws Exception {
        fill();
        hangsAfter = 133;
        LibrarySync killed = sync();
        Future<SyncSummary> never = killed.reconcile();
        List<Promise<ReadFile>> hung = List.of(hanging.take(), hanging.take(), hanging.take());
        assertThat(hung).hasSize(READERS);
        // What comes from now on is a process that knows nothing but the catalog.
        int published = catalog.size();
        assertThat(published).isBetween(133 - BATCH, 133);
        assertThat(never.isComplete()).isFalse();
        hangsAfter = Integer.MAX_VALUE;
        int before = tagReads.get();

        assertThat(await(sync().reconcile()).added()).isEqualTo(ALBUMS * TRACKS - published);
        assertThat(tagReads.get() - before).isEqualTo(ALBUMS * TRACKS - published);
        assertThat(catalog.size()).isEqualTo(ALBUMS * TRACKS);
        int after = tagReads.get();
        await(sync().reconcile());
        assertThat(tagReads).hasValue(after);
        hanging.addAll(hung);
    }

    @Test
    @Resilience("B.2")
    void anOriginThatGoesInTheMiddleEndsTheRoundAtOnceAndRemovesNothing() {
        fill();
        goneAfter = 100;
        LibrarySync sync = sync();
        assertThatThrownBy(() -> await(sync.reconcile()))
                .hasRootCauseInstanceOf(MusicFsException.class)
                .hasMessageContaining("PROBE");
        assertThat(tagReads.get()).isLessThanOrEqualTo(100 + READERS);
        assertThat(faulty.calls(Method.PROBE)).isOne();
        assertThat(complaints()).isZero();
        int published = catalog.size();
        assertThat(published).isBetween(100 - BATCH - READERS, 100);
        assertThat(catalog.takeChanges()).noneMatch(change -> change instanceof LibraryChange.Removed);

        goneAfter = Integer.MAX_VALUE;
        faulty.mode(new OriginMode.Healthy());
        int before = tagReads.get();
        await(sync.reconcile());
        assertThat(tagReads.get() - before).isEqualTo(ALBUMS * TRACKS - published);
        assertThat(catalog.size()).isEqualTo(ALBUMS * TRACKS);
    }

    @Test
    void aFileThatAloneIsUnavailableKeepsNobodyElseFromBeingReadAndIsTriedAgain() {
        fill();
        RealPath ill = new RealPath("artist 03/album/05.flac");
        unreadable.add(ill);
        LibrarySync sync = sync();
        SyncSummary summary = await(sync.reconcile());
        assertThat(summary.failedFiles()).isOne();
        assertThat(catalog.size()).isEqualTo(ALBUMS * TRACKS - 1);
        int before = tagReads.get();
        await(sync.reconcile());
        unreadable.clear();
        await(sync.reconcile());
        assertThat(tagReads.get() - before).isEqualTo(2);
        assertThat(catalog.at(ill)).isPresent();
    }

    @Test
    void complainsOfAFewFilesOnlyHoweverManyCannotBeRead() {
        fill();
        for (int track = 0; track < TRACKS; track++) {
            for (int album = 0; album < 5; album++) {
                unreadable.add(new RealPath(String.format("artist %02d/album/%02d.flac", album, track)));
            }
        }
        LibrarySync sync = sync();
        assertThat(await(sync.reconcile()).failedFiles()).isEqualTo(50);
        assertThat(complaints()).isEqualTo(21);
        await(sync.reconcile());
        assertThat(complaints()).isEqualTo(21);
    }

    @Test
    void stopsInTheMiddleOfADirectoryWhoseFilesDoNotAnswer() throws Exception {
        fill();
        hangsAfter = 5;
        LibrarySync sync = sync();
        Future<SyncSummary> round = sync.reconcile();
        hanging.take();
        await(sync.stop());
        assertThat(round.failed()).isTrue();
        assertThat(tagReads.get()).isLessThanOrEqualTo(5 + READERS);
    }

    @Test
    void readsNoMoreFilesAtATimeThanItMay() {
        fill();
        await(sync().reconcile());
        assertThat(mostReading.get()).isBetween(1, READERS);
    }

    @Test
    void listsAheadAndPublishesTheSameInTheSameOrder() {
        fill();
        await(sync(options(0)).reconcile());
        List<String> expected = paths(catalog.takeChanges());
        TestingCatalog other = new TestingCatalog();
        await(sync(options(READERS), other).reconcile());
        assertThat(paths(other.takeChanges())).isEqualTo(expected);
        assertThat(faulty.calls(Method.LIST)).isEqualTo(2 * (1 + 2 * ALBUMS));
    }

    @Test
    void listsAheadAcrossLevelsWithinItsSlots() throws Exception {
        fill();
        faulty.mode(new OriginMode.Held(), call -> call.method() == Method.LIST);
        Future<SyncSummary> round = sync().reconcile();
        faulty.takeHeld().release();
        // The first directory's own listing and two of those behind it; no fourth.
        List<FaultyOrigin.HeldCall> held = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            held.add(faulty.takeHeld());
        }
        assertThat(held)
                .extracting(call -> call.call().path().value())
                .containsExactly("artist 00", "artist 01", "artist 02");
        assertThat(faulty.underWay()).isEqualTo(READERS);
        // The answer of the second lets the album in it be asked for, though the first is not here yet.
        held.get(1).release();
        FaultyOrigin.HeldCall next = faulty.takeHeld();
        assertThat(faulty.underWay()).isEqualTo(READERS);
        next.release();
        FaultyOrigin.HeldCall afterNext = faulty.takeHeld();
        assertThat(List.of(next.call().path().value(), afterNext.call().path().value()))
                .contains("artist 01/album");
        faulty.mode(new OriginMode.Healthy());
        afterNext.release();
        held.get(0).release();
        held.get(2).release();
        assertThat(await(round).added()).isEqualTo(ALBUMS * TRACKS);
    }

    @Test
    @Resilience("B.2")
    void aDirectoryThatCouldNotBeListedAheadIsNotTakenForEmpty() {
        fill();
        await(sync().reconcile());
        catalog.takeChanges();
        origin.remove("artist 01/album/01.flac");
        faulty.mode(
                new OriginMode.AuthRejected(),
                call -> call.method() == Method.LIST && call.path().value().equals("artist 07/album"));
        SyncSummary summary = await(sync().reconcile());
        assertThat(summary.failedDirectories()).isOne();
        assertThat(catalog.takeChanges())
                .singleElement()
                .isInstanceOfSatisfying(
                        LibraryChange.Removed.class,
                        removed -> assertThat(removed.before().path().value()).isEqualTo("artist 01/album/01.flac"));
    }

    @Test
    void aRefreshListsEachDirectoryOnce() {
        fill();
        await(sync().reconcile());
        origin.put("new/a/b/c.flac", 5, 1, 0);
        int before = faulty.calls(Method.LIST);
        await(sync().refresh(new OriginChanges(
                Set.of(RealPath.ROOT, new RealPath("new"), new RealPath("new/a"), new RealPath("new/a/b")), false)));
        assertThat(faulty.calls(Method.LIST) - before).isEqualTo(4);
        assertThat(catalog.at(new RealPath("new/a/b/c.flac"))).isPresent();
    }

    @Test
    void anotherETagIsAnotherVersion() {
        RetaggedOrigin tagged = new RetaggedOrigin(faulty);
        origin.put("album/a.flac", 10, 1, 0);
        LibrarySync sync = sync(options(READERS), catalog, tagged);
        await(sync.reconcile());
        assertThat(catalog.at(new RealPath("album/a.flac"))
                        .orElseThrow()
                        .version()
                        .tag())
                .isEqualTo("one");
        await(sync.reconcile());
        assertThat(tagReads).hasValue(1);
        tagged.eTag = "two";
        assertThat(await(sync.reconcile()).updated()).isOne();
        assertThat(tagReads).hasValue(2);
        await(sync.refresh(new OriginChanges(Set.of(new RealPath("album")), false)));
        assertThat(tagReads).hasValue(2);
    }

    private void fill() {
        for (int album = 0; album < ALBUMS; album++) {
            for (int track = 0; track < TRACKS; track++) {
                origin.put(String.format("artist %02d/album/%02d.flac", album, track), 10 + track, 1, 0);
            }
        }
    }

    private long complaints() {
        return log.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .filter(line -> line.getLoggerName().equals(UnreadableFilesLog.class.getName()))
                .count();
    }

    private LibrarySync sync() {
        return sync(options(READERS));
    }

    private LibrarySync sync(SyncOptions options) {
        return sync(options, catalog);
    }

    private LibrarySync sync(SyncOptions options, TestingCatalog into) {
        return sync(options, into, faulty);
    }

    private LibrarySync sync(SyncOptions options, TestingCatalog into, dev.musicfs.origin.Origin from) {
        LibrarySync sync = new LibrarySync(
                vertx,
                from,
                into,
                into,
                this::tags,
                into,
                new ManualClock(),
                options,
                progress -> {},
                new ScanSlots(READERS));
        syncs.add(sync);
        return sync;
    }

    private static SyncOptions options(int ahead) {
        SyncOptions defaults = SyncOptions.defaults();
        return new SyncOptions(
                BATCH,
                5,
                20,
                false,
                READERS,
                defaults.pollInterval(),
                defaults.moveWindow(),
                ahead,
                defaults.library());
    }

    private Future<ReadFile> tags(RealPath path, FileVersion version) {
        int number = tagReads.incrementAndGet();
        mostReading.accumulateAndGet(reading.incrementAndGet(), Math::max);
        return answer(path, number).onComplete(v -> reading.decrementAndGet());
    }

    private Future<ReadFile> answer(RealPath path, int number) {
        if (number > hangsAfter) {
            Promise<ReadFile> never = Promise.promise();
            hanging.add(never);
            return never.future();
        }
        if (number > goneAfter) {
            faulty.mode(AWAY);
            return Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, "gone"));
        }
        if (unreadable.contains(path)) {
            return Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, "a bad sector"));
        }
        return vertx.executeBlocking(
                () -> new ReadFile(
                        new TrackTags(path.name(), "", "", "", "", "", 0, 0, 0, 0, false, "flac", 0, 0),
                        Optional.empty()),
                false);
    }

    private static List<String> paths(List<LibraryChange> changes) {
        return changes.stream()
                .map(change -> change instanceof LibraryChange.Added added
                        ? added.after().path().value()
                        : change instanceof LibraryChange.FolderAdded folder
                                ? folder.path().value()
                                : change.toString())
                .toList();
    }
}
