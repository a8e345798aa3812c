package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.library.Publisher.Change;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import dev.musicfs.testkit.FaultyOrigin;
import dev.musicfs.testkit.FaultyOrigin.Method;
import dev.musicfs.testkit.ManualClock;
import dev.musicfs.testkit.ManualTimers;
import dev.musicfs.testkit.ManualWatch;
import dev.musicfs.testkit.MemoryOrigin;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LibrarySyncTest {
    private static final Duration TEN_YEARS = Duration.ofDays(3652);

    private final Vertx vertx = Vertx.vertx();
    private final MemoryOrigin origin = new MemoryOrigin("disk");
    private final FaultyOrigin faulty = new FaultyOrigin(origin, new ManualTimers());
    private final TestingCatalog catalog = new TestingCatalog();
    private final Set<String> corrupt = ConcurrentHashMap.newKeySet();
    private final Map<String, String> titles = new ConcurrentHashMap<>();
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
    private final Map<String, AudioLayout> layouts = new ConcurrentHashMap<>();
    private final AtomicInteger tagsRead = new AtomicInteger();
    private final BlockingQueue<ScanProgress.Progress> progress = new LinkedBlockingQueue<>();
    private final ManualClock clock = new ManualClock();
    private LibrarySync sync = sync(SyncOptions.defaults());

    @BeforeEach
    void fill() {
        origin.put("album/cover.jpg", 5, 1, 5);
        origin.put("album/a.flac", 10, 1, 10);
        origin.put("album/b.mp3", 11, 1, 11);
        origin.put("album/notes.txt", 12, 1, 12);
        origin.put("album/.hidden.flac", 13, 1, 13);
        origin.put(".trash/x.flac", 14, 1, 14);
        origin.put("other/disc 1/c.opus", 15, 1, 15);
    }

    @AfterEach
    void stop() {
        Failpoints.disarmAll();
        await(sync.stop());
        await(vertx.close());
    }

    @Test
    void publishesEverythingItKnowsHowToPlayOnTheFirstScan() {
        SyncSummary summary = await(sync.reconcile());

        assertThat(summary).isEqualTo(new SyncSummary(4, 4, 0, 0, 0, 0, 0));
        assertThat(catalog.at("album/cover.jpg").kind()).isEqualTo(FileKind.COVER);
        assertThat(catalog.at("album/a.flac").tags().title()).isEqualTo("a.flac");
        assertThat(texts(catalog.takeChanges()))
                .containsExactlyInAnyOrder(
                        "folder album",
                        "folder other",
                        "folder other/disc 1",
                        "added album/cover.jpg",
                        "added album/a.flac",
                        "added album/b.mp3",
                        "covers album cover.jpg",
                        "added other/disc 1/c.opus");
        assertThat(progress.stream().reduce((a, b) -> b).orElseThrow().done()).isTrue();
    }

    @Test
    void publishesNothingWhenNothingChanged() {
        firstScan();
        int before = tagsRead.get();
        await(sync.reconcile());
        assertThat(catalog.takeBatches()).isEmpty();
        assertThat(tagsRead).hasValue(before);
    }

    @Test
    void readsAChangedFileAnewUnderItsOldNumber() {
        firstScan();
        long id = catalog.at("album/a.flac").id();
        origin.put("album/a.flac", 10, 2, 10);
        await(sync.reconcile());
        assertThat(texts(catalog.takeChanges()))
                .containsExactly("updated album/a.flac album/a.flac", "covers album cover.jpg");
        assertThat(catalog.at("album/a.flac").id()).isEqualTo(id);
    }

    @Test
    void takesAFileThatMovedForTheSame() {
        firstScan();
        int before = tagsRead.get();
        origin.remove("album/a.flac");
        origin.put("a new place/z.flac", 10, 1, 10);
        origin.remove("other");
        origin.put("zz/c.opus", 15, 1, 15);
        await(sync.reconcile());
        assertThat(texts(catalog.takeChanges()))
                .containsExactlyInAnyOrder(
                        "folder a new place",
                        "folder zz",
                        "updated album/a.flac a new place/z.flac",
                        "updated other/disc 1/c.opus zz/c.opus",
                        "no folder other/disc 1",
                        "no folder other");
        assertThat(tagsRead).hasValue(before);
    }

    /** As a tagger leaves it: the notice of the change in the directory comes when the directory has another name. */
    @Test
    void takesFilesForTheSameWhenOnlyTheOldNameOfTheirDirectoryIsLookedAt() {
        firstScan();
        long id = catalog.at("album/a.flac").id();
        int before = tagsRead.get();
        origin.remove("album");
        origin.put("album, remastered/a.flac", 10, 1, 10);
        await(sync.refresh(changes("album")));
        assertThat(texts(catalog.takeChanges()))
                .contains("updated album/a.flac album, remastered/a.flac", "removed album/b.mp3");
        assertThat(catalog.at("album, remastered/a.flac").id()).isEqualTo(id);
        assertThat(tagsRead).hasValue(before);
    }

    @Test
    void removesWhatIsGoneAfterACompleteListing() {
        firstScan();
        origin.remove("album/b.mp3");
        origin.remove("album/cover.jpg");
        origin.remove("other");
        assertThat(await(sync.reconcile()).removed()).isEqualTo(3);
        assertThat(texts(catalog.takeChanges()))
                .containsExactly(
                        "removed other/disc 1/c.opus",
                        "removed album/b.mp3",
                        "removed album/cover.jpg",
                        "no folder other/disc 1",
                        "no folder other",
                        "covers album none")
                .hasSize(6);
    }

    @Test
    @Resilience("B.2")
    void removesNothingWhileADirectoryCannotBeListed() {
        firstScan();
        origin.remove("album/b.mp3");
        origin.put("album/new.flac", 1, 1, 1);
        faulty.mode(
                new OriginMode.AuthRejected(),
                call -> call.equals(new FaultyOrigin.Call(Method.LIST, new RealPath("other/disc 1"))));
        SyncSummary summary = await(sync.reconcile());
        assertThat(summary.failedDirectories()).isEqualTo(1);
        assertThat(texts(catalog.takeChanges()))
                .containsExactlyInAnyOrder("added album/new.flac", "covers album cover.jpg");
    }

    @Test
    @Resilience("5.6")
    void aJumpOfTheClockRemovesNothingAndReadsNothing() {
        firstScan();
        int before = tagsRead.get();
        for (Duration jump : List.of(TEN_YEARS, TEN_YEARS.multipliedBy(-2), TEN_YEARS)) {
            clock.jump(jump);
            await(sync.reconcile());
            faulty.mode(new OriginMode.ReturnError(FailureKind.UNAVAILABLE));
            assertThatThrownBy(() -> await(sync.reconcile())).hasRootCauseInstanceOf(MusicFsException.class);
            faulty.mode(new OriginMode.Healthy());
        }
        assertThat(catalog.takeBatches()).isEmpty();
        assertThat(tagsRead).hasValue(before);
    }

    @Test
    @Resilience("5.6")
    void aFileThatWasReadInTheInstantOfItsChangeIsReadOnceMoreAndThenBelieved() {
        firstScan();
        origin.put("album/young.flac", 20, clock.wallNanos(), 20);
        await(sync.reconcile());
        assertThat(texts(catalog.takeChanges())).contains("added album/young.flac");

        // It changes within the same instant, and keeps its size.
        titles.put("album/young.flac", "another");
        clock.advance(Duration.ofSeconds(10));
        int before = tagsRead.get();
        await(sync.reconcile());
        assertThat(texts(catalog.takeChanges())).containsExactly("updated album/young.flac album/young.flac");
        assertThat(catalog.at("album/young.flac").tags().title()).isEqualTo("another");
        assertThat(tagsRead).hasValue(before + 1);
        await(sync.reconcile());
        assertThat(tagsRead).hasValue(before + 1);
        assertThat(catalog.takeBatches()).isEmpty();
    }

    @Test
    @Resilience("5.6")
    void aFileFromTheFutureIsReadOnceMoreAndThenBelieved() {
        firstScan();
        origin.put("album/later.flac", 20, clock.wallNanos() + TEN_YEARS.toNanos(), 20);
        await(sync.reconcile());
        catalog.takeBatches();
        int before = tagsRead.get();
        await(sync.reconcile());
        await(sync.reconcile());
        assertThat(tagsRead).hasValue(before + 1);
        assertThat(catalog.takeBatches()).isEmpty();
    }

    @Test
    @Resilience("5.6")
    void aTimeInWholeSecondsIsDoubtedForTwoOfThem() {
        firstScan();
        long second = Duration.ofNanos(clock.wallNanos()).toSeconds();
        origin.put("album/old.flac", 20, Duration.ofSeconds(second - 2).toNanos(), 20);
        origin.put("album/young.flac", 20, Duration.ofSeconds(second - 1).toNanos(), 21);
        await(sync.reconcile());
        int before = tagsRead.get();
        await(sync.reconcile());
        assertThat(tagsRead).hasValue(before + 1);
    }

    @Test
    @Resilience("B.2")
    void removesNothingWhenTheOriginIsGone() {
        firstScan();
        faulty.mode(new OriginMode.ReturnError(FailureKind.UNAVAILABLE));
        assertThatThrownBy(() -> await(sync.reconcile())).hasRootCauseInstanceOf(MusicFsException.class);
        assertThatThrownBy(() -> await(sync.refresh(changes("album")))).hasRootCauseInstanceOf(MusicFsException.class);
        assertThat(catalog.takeBatches()).isEmpty();
    }

    @Test
    @Resilience("B.2")
    void holdsAMassRemovalUntilItIsAccepted() {
        fillMany(100);
        firstScan();
        faulty.mode(new OriginMode.EmptyListing());
        SyncSummary held = await(sync.reconcile());
        assertThat(held.heldRemovals()).isEqualTo(104);
        await(sync.refresh(changes("")));
        assertThat(catalog.takeBatches()).isEmpty();

        await(sync.stop());
        sync = sync(SyncOptions.defaults().withAcceptMassRemovals(true));
        assertThat(await(sync.reconcile()).removed()).isEqualTo(104);
        assertThat(catalog.size()).isZero();
    }

    @Test
    void neverTakesAnEmptyRootForTheRemovalOfEvenAFewFiles() {
        firstScan();
        origin.remove("album");
        origin.remove("other");
        origin.remove(".trash");
        assertThat(await(sync.reconcile()).heldRemovals()).isEqualTo(4);
        await(sync.refresh(changes("")));
        await(sync.refresh(changes("album", "other/disc 1")));
        assertThat(catalog.takeBatches()).isEmpty();

        origin.put("other/disc 1/c.opus", 15, 1, 15);
        assertThat(await(sync.reconcile()).removed()).isEqualTo(3);
    }

    @Test
    void looksAgainForADiskThatCameBack() throws Exception {
        firstScan();
        await(sync.stop());
        SyncOptions defaults = SyncOptions.defaults();
        sync = sync(new SyncOptions(
                defaults.batchSize(),
                defaults.massRemovalPercent(),
                defaults.massRemovalMinimum(),
                false,
                defaults.tagReaders(),
                java.time.Duration.ofMillis(50),
                defaults.moveWindow()));
        faulty.mode(new OriginMode.EmptyListing());
        origin.watch(new ManualWatch());
        progress.clear();
        await(sync.start());
        awaitRound();
        origin.put("album/new.flac", 1, 1, 1);
        faulty.mode(new OriginMode.Healthy());
        for (int i = 0; i < 200 && catalog.at(new RealPath("album/new.flac")).isEmpty(); i++) {
            awaitRound();
        }
        assertThat(catalog.at(new RealPath("album/new.flac"))).isPresent();
    }

    @Test
    void publishesInBoundedBatches() {
        fillMany(1_000);
        await(sync.reconcile());
        List<List<Change>> batches = catalog.takeBatches();
        assertThat(batches).hasSizeGreaterThanOrEqualTo(6).allMatch(batch -> batch.size() <= 200);
    }

    @Test
    void showsADamagedFileWithoutTagsAndSkipsAnUnreadableOne() {
        corrupt.add("album/a.flac");
        unreadable.add("album/b.mp3");
        SyncSummary summary = await(sync.reconcile());
        assertThat(summary.failedFiles()).isEqualTo(1);
        FileRow damaged = catalog.at("album/a.flac");
        assertThat(damaged.wellFormed()).isFalse();
        assertThat(damaged.tags()).isEqualTo(TrackTags.unknown("flac"));
        assertThat(catalog.at(new RealPath("album/b.mp3"))).isEmpty();
    }

    @Test
    void handsOnTheLayoutOfAFileTogetherWithTheFile() {
        AudioLayout first = new AudioLayout(4, 10, List.of(new ByteRange(1, 2)), "");
        layouts.put("album/a.flac", first);
        await(sync.reconcile());
        assertThat(layoutsIn(catalog.takeChanges())).containsExactly("album/a.flac " + first);

        AudioLayout second = new AudioLayout(5, 12, List.of(), "");
        layouts.put("album/a.flac", second);
        origin.put("album/a.flac", 12, 2, 10);
        await(sync.reconcile());
        assertThat(layoutsIn(catalog.takeChanges())).containsExactly("album/a.flac " + second);
    }

    @Test
    void handsOnNoLayoutOfADamagedFileOrOneThatIsLongerThanTheFileWasListed() {
        layouts.put("album/a.flac", new AudioLayout(0, 10, List.of(), ""));
        corrupt.add("album/a.flac");
        layouts.put("album/b.mp3", new AudioLayout(0, 12, List.of(), ""));
        layouts.put("other/disc 1/c.opus", new AudioLayout(0, 15, List.of(new ByteRange(15, 1)), ""));
        assertThat(await(sync.reconcile()).added()).isEqualTo(4);
        assertThat(layoutsIn(catalog.takeChanges())).isEmpty();
        assertThat(catalog.at("album/b.mp3").wellFormed()).isTrue();
    }

    @Test
    void keepsAKnownFileThatCannotBeReadAnyMore() {
        firstScan();
        unreadable.add("album/a.flac");
        origin.put("album/a.flac", 99, 2, 10);
        await(sync.reconcile());
        assertThat(catalog.at("album/a.flac").version().sizeBytes()).isEqualTo(10);
    }

    @Test
    void refreshesOneDirectoryWithWhatIsNewAndGoneBelowIt() {
        firstScan();
        origin.put("other/disc 2/x/d.flac", 1, 1, 1);
        origin.remove("other/disc 1");
        origin.put("album/unseen.flac", 2, 2, 2);
        await(sync.refresh(changes("other", "other/disc 2", "other/disc 2/x", "other/disc 1", ".trash")));
        assertThat(texts(catalog.takeChanges()))
                .containsExactly(
                        "folder other/disc 2",
                        "folder other/disc 2/x",
                        "added other/disc 2/x/d.flac",
                        "removed other/disc 1/c.opus",
                        "no folder other/disc 1");
    }

    @Test
    void givesADiscThatArrivesTheCoverOfItsAlbum() {
        firstScan();
        origin.put("album/disc 2/d.flac", 1, 1, 1);
        await(sync.refresh(changes("album")));
        assertThat(texts(catalog.takeChanges())).endsWith("added album/disc 2/d.flac", "covers album cover.jpg");
        origin.put("album/disc 2/e.flac", 2, 1, 2);
        await(sync.refresh(changes("album/disc 2")));
        assertThat(texts(catalog.takeChanges())).containsExactly("added album/disc 2/e.flac", "covers album cover.jpg");
    }

    @Test
    void reconcilesAndThenFollowsTheWatch() throws Exception {
        ManualWatch watch = new ManualWatch();
        origin.watch(watch);
        await(sync.start());
        awaitRound();
        assertThat(catalog.size()).isEqualTo(4);
        origin.put("album/new.flac", 1, 1, 1);
        watch.changed("album");
        awaitRound();
        assertThat(catalog.at("album/new.flac").tags().title()).isEqualTo("new.flac");
    }

    @Test
    @Resilience("2.5")
    void goesOnWhereARoundBrokeOffAfterABatch() {
        fillMany(1_000);
        Failpoints.arm(Failpoint.DELTA_SYNC_AFTER_BATCH, "2*off->1*return");

        assertThatThrownBy(() -> await(sync.reconcile())).hasMessageContaining("failpoint delta-sync-after-batch");
        assertThat(catalog.takeBatches()).hasSize(3);
        int before = tagsRead.get();
        SyncSummary rest = await(sync.reconcile());

        assertThat(rest.added()).isBetween(1L, 1_003L);
        assertThat(catalog.size()).isEqualTo(1_004);
        assertThat(tagsRead.get() - before).isEqualTo((int) rest.added() - coversIn(catalog.takeChanges()));
    }

    @Test
    void aRoundThatBreaksOffAtItsEndHasPublishedEverything() {
        Failpoints.arm(Failpoint.SYNC_CHECKPOINT, "1*return");

        assertThatThrownBy(() -> await(sync.reconcile())).hasMessageContaining("failpoint sync-checkpoint");
        assertThat(catalog.size()).isEqualTo(4);
        catalog.takeBatches();
        await(sync.reconcile());
        assertThat(catalog.takeBatches()).isEmpty();
    }

    @Test
    @Resilience("B.2")
    void removesNothingWhenTheProbeGetsNoAnswer() {
        firstScan();
        origin.remove("other");
        Failpoints.arm(Failpoint.HEALTH_CHECK_HANG, "1*return(TIMEOUT)");

        assertThatThrownBy(() -> await(sync.reconcile())).hasMessageContaining("failpoint health-check-hang");
        assertThat(catalog.takeBatches()).isEmpty();
        assertThat(await(sync.reconcile()).removed()).isOne();
    }

    private static int coversIn(List<Change> changes) {
        return (int) changes.stream()
                .filter(change ->
                        change instanceof Change.Added added && added.after().kind() == FileKind.COVER)
                .count();
    }

    private void awaitRound() throws InterruptedException {
        ScanProgress.Progress last = progress.poll(10, TimeUnit.SECONDS);
        while (last != null && !last.done()) {
            last = progress.poll(10, TimeUnit.SECONDS);
        }
        assertThat(last).isNotNull();
    }

    private void fillMany(int count) {
        for (int i = 0; i < count; i++) {
            origin.put("many/" + i + ".flac", i, 1, 1_000 + i);
        }
    }

    private void firstScan() {
        await(sync.reconcile());
        assertThat(catalog.takeBatches()).isNotEmpty();
    }

    private LibrarySync sync(SyncOptions options) {
        return new LibrarySync(vertx, faulty, catalog, catalog, this::tags, catalog, clock, options, progress::add);
    }

    private Future<ReadFile> tags(RealPath path, FileVersion any) {
        return vertx.executeBlocking(() -> tagsOf(path), false);
    }

    private ReadFile tagsOf(RealPath path) {
        tagsRead.incrementAndGet();
        if (corrupt.contains(path.value())) {
            throw new MusicFsException(FailureKind.CORRUPT, "no frames");
        }
        if (unreadable.contains(path.value())) {
            throw new MusicFsException(FailureKind.REJECTED, "permission denied");
        }
        return new ReadFile(
                new TrackTags(
                        titles.getOrDefault(path.value(), path.name()),
                        "",
                        "",
                        "",
                        "",
                        "",
                        0,
                        0,
                        0,
                        0,
                        false,
                        path.extension(),
                        0,
                        0),
                Optional.ofNullable(layouts.get(path.value())));
    }

    private static OriginChanges changes(String... directories) {
        return new OriginChanges(Arrays.stream(directories).map(RealPath::new).collect(Collectors.toSet()), false);
    }

    private static List<String> texts(List<Change> changes) {
        return changes.stream().map(LibrarySyncTest::text).toList();
    }

    private static List<String> layoutsIn(List<Change> changes) {
        return changes.stream()
                .flatMap(change -> {
                    if (change instanceof Change.Added added) {
                        return added.layout().map(layout -> added.after().path() + " " + layout).stream();
                    }
                    return change instanceof Change.Updated updated
                            ? updated.layout().map(layout -> updated.after().path() + " " + layout).stream()
                            : Stream.empty();
                })
                .toList();
    }

    private static String text(Change change) {
        if (change instanceof Change.Added added) {
            return "added " + added.after().path();
        } else if (change instanceof Change.Updated updated) {
            return "updated " + updated.before().path() + " " + updated.after().path();
        } else if (change instanceof Change.Removed removed) {
            return "removed " + removed.before().path();
        } else if (change instanceof Change.FolderAdded added) {
            return "folder " + added.path();
        } else if (change instanceof Change.FolderRemoved removed) {
            return "no folder " + removed.path();
        } else if (change instanceof Change.Covers covers) {
            Optional<String> name = covers.cover().map(row -> row.path().name());
            return "covers " + covers.folder() + " " + name.orElse("none");
        }
        throw new AssertionError(change);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
