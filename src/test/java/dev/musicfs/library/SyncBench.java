package dev.musicfs.library;

import static dev.musicfs.testkit.Outcomes.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import dev.musicfs.testkit.FaultyOrigin;
import dev.musicfs.testkit.ManualClock;
import dev.musicfs.testkit.ManualTimers;
import dev.musicfs.testkit.MemoryOrigin;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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

/** A sync of a small origin in memory, with a catalog that remembers what it was told. */
abstract class SyncBench {
    final Vertx vertx = TestingVertx.start();
    final MemoryOrigin origin = new MemoryOrigin("disk");
    final FaultyOrigin faulty = new FaultyOrigin(origin, new ManualTimers());
    final TestingCatalog catalog = new TestingCatalog();
    final Set<String> corrupt = ConcurrentHashMap.newKeySet();
    final Map<String, String> titles = new ConcurrentHashMap<>();
    final Map<String, Long> durations = new ConcurrentHashMap<>();
    final Set<String> unreadable = ConcurrentHashMap.newKeySet();
    final Map<String, AudioLayout> layouts = new ConcurrentHashMap<>();
    final AtomicInteger tagsRead = new AtomicInteger();
    final BlockingQueue<ScanProgress.Progress> progress = new LinkedBlockingQueue<>();
    final ManualClock clock = new ManualClock();
    LibrarySync sync = sync(SyncOptions.defaults());

    @BeforeEach
    void fill() {
        origin.put("album/cover.jpg", 5, 1, 5);
        origin.put("album/a.flac", 10, 1, 10);
        origin.put("album/b.mp3", 11, 1, 11);
        origin.put("album/notes.txt", 12, 1, 12);
        origin.put("album/._hidden.flac", 13, 1, 13);
        origin.put(".trash/x.flac", 14, 1, 14);
        origin.put("other/disc 1/c.opus", 15, 1, 15);
    }

    @AfterEach
    void stop() {
        Failpoints.disarmAll();
        await(sync.stop());
        await(vertx.close());
    }

    static int coversIn(List<LibraryChange> changes) {
        return (int) changes.stream()
                .filter(change -> change instanceof LibraryChange.Added added
                        && added.after().kind() == FileKind.COVER)
                .count();
    }

    void awaitRound() throws InterruptedException {
        ScanProgress.Progress last = progress.poll(60, TimeUnit.SECONDS);
        while (last != null && !last.done()) {
            last = progress.poll(60, TimeUnit.SECONDS);
        }
        assertThat(last).isNotNull();
    }

    void fillMany(int count) {
        for (int i = 0; i < count; i++) {
            origin.put("many/" + i + ".flac", i, 1, 1_000 + i);
        }
    }

    void firstScan() {
        await(sync.reconcile());
        assertThat(catalog.takeBatches()).isNotEmpty();
    }

    LibrarySync sync(SyncOptions options) {
        return new LibrarySync(
                vertx,
                faulty,
                catalog,
                catalog,
                this::tags,
                catalog,
                clock,
                options,
                progress::add,
                new ScanSlots(Math.max(1, options.listAhead())));
    }

    Future<ReadFile> tags(RealPath path, FileVersion any) {
        return vertx.executeBlocking(() -> tagsOf(path), false);
    }

    ReadFile tagsOf(RealPath path) {
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
                        durations.getOrDefault(path.value(), 0L),
                        0),
                Optional.ofNullable(layouts.get(path.value())));
    }

    static OriginChanges changes(String... directories) {
        return new OriginChanges(Arrays.stream(directories).map(RealPath::new).collect(Collectors.toSet()), false);
    }

    static List<String> texts(List<LibraryChange> changes) {
        return changes.stream().map(SyncBench::text).toList();
    }

    static List<String> layoutsIn(List<LibraryChange> changes) {
        return changes.stream()
                .flatMap(change -> {
                    if (change instanceof LibraryChange.Added added) {
                        return added.layout().map(layout -> added.after().path() + " " + layout).stream();
                    }
                    return change instanceof LibraryChange.Updated updated
                            ? updated.layout().map(layout -> updated.after().path() + " " + layout).stream()
                            : Stream.empty();
                })
                .toList();
    }

    static String text(LibraryChange change) {
        if (change instanceof LibraryChange.Added added) {
            return "added " + added.after().path();
        } else if (change instanceof LibraryChange.Updated updated) {
            return "updated " + updated.before().path() + " " + updated.after().path();
        } else if (change instanceof LibraryChange.Identified identified) {
            return "identified " + identified.after().path();
        } else if (change instanceof LibraryChange.Removed removed) {
            return "removed " + removed.before().path();
        } else if (change instanceof LibraryChange.FolderAdded added) {
            return "folder " + added.path();
        } else if (change instanceof LibraryChange.FolderRemoved removed) {
            return "no folder " + removed.path();
        } else if (change instanceof LibraryChange.CoverChosen covers) {
            Optional<String> name = covers.cover().map(row -> row.path().name());
            return "covers " + covers.folder() + " " + name.orElse("none");
        }
        throw new AssertionError(change);
    }
}
