package dev.musicfs.library;

import static dev.musicfs.testkit.Outcomes.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.ManualWatch;
import dev.musicfs.testkit.MemoryOrigin;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A {@link LibrarySync} whose watch dies. */
final class RestartingWatchTest {
    private final MusicFsException gone = new MusicFsException(FailureKind.UNAVAILABLE, "The root is gone.");

    private final Vertx vertx = TestingVertx.start();
    private final ManualTime time = new ManualTime();
    private final MemoryOrigin origin = new MemoryOrigin("disk");
    private final ManualWatch watch = new ManualWatch();
    private final TestingCatalog catalog = new TestingCatalog();
    private final AtomicInteger tagsRead = new AtomicInteger();
    private final SyncOptions options = SyncOptions.defaults();
    private final LibrarySync sync = new LibrarySync(
            vertx,
            origin,
            catalog,
            catalog,
            this::tags,
            catalog,
            time,
            options,
            progress -> {},
            new ScanSlots(1),
            time);

    @BeforeEach
    void fill() {
        origin.watch(watch);
        origin.put("album/a.flac", 10, 1, 10);
    }

    @AfterEach
    void stop() {
        await(sync.stop());
        assertThat(time.pending()).isZero();
        await(vertx.close());
    }

    @Test
    @Resilience("4.2.4")
    void aWatchThatDiesIsBegunAgainAfterOneFiveAndEveryThirtySecondsAndMissesNothing() {
        start();
        watch.refuse(gone);
        watch.die(gone);
        settle();
        int starts = 1;
        for (int delay : new int[] {1, 5, 30, 30}) {
            assertThat(watch.starts()).isEqualTo(starts++);
            assertThat(time.isPendingIn(Duration.ofSeconds(delay))).isTrue();
            pass(Duration.ofSeconds(delay));
        }
        origin.put("album/new.flac", 1, 1, 1);
        watch.accept();
        pass(Duration.ofSeconds(30));

        assertThat(watch.watched()).isTrue();
        assertThat(knows("album/new.flac")).isTrue();
        assertThat(time.pending()).isZero();
    }

    @Test
    @Resilience("2.9")
    void aWatchThatThrowsWhenItIsBegunIsBegunAgain() {
        watch.throwOnce(new IllegalStateException("a defect"));
        start();
        assertThat(watch.watched()).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(watch.watched()).isTrue();
    }

    @Test
    @Resilience("4.2.4")
    void aDeadWatchIsBegunAgainAtOnceWhenItsOriginRecovers() {
        start();
        watch.die(gone);
        settle();
        origin.put("album/new.flac", 1, 1, 1);
        sync.catchUp();
        settle();

        assertThat(watch.watched()).isTrue();
        assertThat(watch.starts()).isEqualTo(2);
        assertThat(knows("album/new.flac")).isTrue();
        assertThat(time.pending()).isZero();
    }

    @Test
    @Resilience({"2.8", "6.2"})
    void whatTheCatalogCouldNotTakeIsTriedAgainSoon() {
        start();
        catalog.refuse(Optional.of(new MusicFsException(FailureKind.NO_SPACE, "The disk is full.")));
        origin.put("album/new.flac", 1, 1, 1);
        watch.changed("album");
        settle();
        for (int delay : new int[] {1, 5, 30, 30}) {
            assertThat(knows("album/new.flac")).isFalse();
            assertThat(sync.trouble()).isEqualTo("The disk is full.");
            assertThat(time.isPendingIn(Duration.ofSeconds(delay))).isTrue();
            pass(Duration.ofSeconds(delay));
        }
        catalog.refuse(Optional.empty());
        pass(Duration.ofSeconds(30));
        assertThat(knows("album/new.flac")).isTrue();
        assertThat(sync.trouble()).isEmpty();
        assertThat(time.pending()).isZero();
    }

    @Test
    @Resilience("5.6")
    void aFileThatIsYoungWhenItIsReadIsReadAgainWhenItIsNotAnyMore() {
        start();
        origin.put("album/young.flac", 1, time.wallNanos(), 1);
        watch.changed("album");
        settle();
        int before = tagsRead.get();
        pass(Duration.ofSeconds(3));
        assertThat(tagsRead).hasValue(before);
        pass(Duration.ofSeconds(1));
        assertThat(tagsRead).hasValue(before + 1);
        pass(Duration.ofSeconds(10));
        assertThat(tagsRead).hasValue(before + 1);
    }

    @Test
    @Resilience("4.2.4")
    void anOriginIsPolledWhileItCannotBeWatched() {
        watch.refuse(gone);
        start();
        origin.put("album/new.flac", 1, 1, 1);
        for (int i = 0; i < 9; i++) {
            pass(Duration.ofSeconds(30));
        }
        assertThat(knows("album/new.flac")).isFalse();
        pass(Duration.ofSeconds(30));
        assertThat(knows("album/new.flac")).isTrue();
    }

    @Test
    @Resilience("5.4")
    void anOriginThatKnowsNoNotificationIsPolledForGood() {
        origin.unwatch();
        start();
        for (String name : new String[] {"one", "two", "three"}) {
            origin.put("album/" + name + ".flac", 1, 1, 1);
            pass(options.pollInterval().minusSeconds(1));
            assertThat(knows("album/" + name + ".flac")).isFalse();
            pass(Duration.ofSeconds(1));
            assertThat(knows("album/" + name + ".flac")).isTrue();
        }
        assertThat(watch.starts()).isZero();
    }

    @Test
    @Resilience("5.4")
    void anOriginIsPolledWhenWatchesRanOutAndWatchedOnceThereAreSome() {
        watch.refuse(new MusicFsException(FailureKind.NO_SPACE, "User limit of inotify watches reached."));
        start();
        origin.put("album/new.flac", 1, 1, 1);
        pass(options.pollInterval().minusSeconds(1));
        assertThat(watch.starts()).isOne();
        pass(Duration.ofSeconds(1));
        assertThat(watch.starts()).isEqualTo(2);
        assertThat(knows("album/new.flac")).isTrue();

        watch.accept();
        pass(options.pollInterval());
        assertThat(watch.watched()).isTrue();
        assertThat(time.pending()).isZero();
    }

    private void start() {
        await(sync.start());
        settle();
        assertThat(knows("album/a.flac")).isTrue();
    }

    private void pass(Duration by) {
        time.advance(by);
        settle();
    }

    // Each round comes after whatever the context had to do before, and after every round that was asked for by then.
    private void settle() {
        for (int i = 0; i < 5; i++) {
            await(sync.refresh(new OriginChanges(Set.of(), false)));
        }
    }

    private boolean knows(String path) {
        return catalog.at(new RealPath(path)).isPresent();
    }

    private Future<ReadFile> tags(RealPath path, FileVersion any) {
        tagsRead.incrementAndGet();
        return Future.succeededFuture(new ReadFile(
                new TrackTags(path.name(), "", "", "", "", "", 0, 0, 0, 0, false, path.extension(), 0, 0),
                Optional.empty()));
    }
}
