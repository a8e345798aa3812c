package dev.musicfs.origin.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import dev.musicfs.origin.disk.LocalDisk;
import dev.musicfs.origin.disk.LocalPaths;
import dev.musicfs.runtime.Clock;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the kernel's real inotify. */
final class LocalWatchTest {
    private static final OriginId ID = new OriginId("disk");

    @TempDir
    private Path root;

    private final BlockingQueue<OriginChanges> reported = new LinkedBlockingQueue<>();
    private LocalWatch watch;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(root.resolve("known/inner"));
        watch = new LocalWatch(
                ID,
                new LocalDisk(ID, new LocalPaths(root)),
                Clock.system(),
                Duration.ofMillis(50),
                Duration.ofSeconds(2));
        await(watch.start(reported::add));
    }

    @AfterEach
    void stop() throws Exception {
        await(watch.stop());
    }

    @Test
    void reportsADirectoryInWhichAFileAppearsChangesOrLeaves() throws Exception {
        Path file = root.resolve("known/inner/a.flac");
        Files.writeString(file, "abc");
        awaitDirectories("known/inner");
        Files.writeString(file, "abcdef");
        awaitDirectories("known/inner");
        Files.delete(file);
        awaitDirectories("known/inner");
    }

    @Test
    void watchesNewDirectoriesAndWhatTheyHeldAlready() throws Exception {
        Files.createDirectories(root.resolve("new/disc 1"));
        Files.writeString(root.resolve("new/disc 1/a.flac"), "abc");
        awaitDirectories("", "new", "new/disc 1");
        Files.writeString(root.resolve("new/disc 1/b.flac"), "abc");
        awaitDirectories("new/disc 1");
    }

    @Test
    void followsADirectoryToItsNewName() throws Exception {
        Files.move(root.resolve("known"), root.resolve("renamed"));
        awaitDirectories("", "renamed", "renamed/inner");
        Files.writeString(root.resolve("renamed/inner/a.flac"), "abc");
        awaitDirectories("renamed/inner");
    }

    @Test
    void saysThatEverythingIsInDoubtWhenTheRootGoes() throws Exception {
        Files.delete(root.resolve("known/inner"));
        Files.delete(root.resolve("known"));
        Files.delete(root);
        OriginChanges changes = reported.poll(60, TimeUnit.SECONDS);
        while (changes != null && !changes.everything()) {
            changes = reported.poll(60, TimeUnit.SECONDS);
        }
        assertThat(changes).isNotNull();
        Files.createDirectory(root);
    }

    @Test
    @Resilience("4.2.4")
    void endsWithItsRootAndCanBeBegunAgain() throws Exception {
        Files.delete(root.resolve("known/inner"));
        Files.delete(root.resolve("known"));
        Files.delete(root);
        assertThatThrownBy(() -> await(watch.ended())).hasMessageContaining("root of origin disk is gone");
        Files.createDirectory(root);
        await(watch.start(reported::add));
        reported.clear();
        Files.writeString(root.resolve("a.flac"), "abc");
        awaitDirectories("");
    }

    /** Which of the two comes first is not to be had by hand: it is done often. */
    @Test
    void aStopWhileItBeginsIsNoFailure() throws Exception {
        for (int i = 0; i < 500; i++) {
            Files.createDirectories(root.resolve("many/" + i));
        }
        for (int time = 0; time < 20; time++) {
            await(watch.stop());
            Future<Void> started = watch.start(reported::add);
            await(watch.stop());
            await(watch.ended());
            await(started.recover(e -> e instanceof MusicFsException known && known.kind() == FailureKind.UNAVAILABLE
                    ? Future.succeededFuture()
                    : Future.failedFuture(e)));
        }
    }

    @Test
    void namesTheLimitToRaise() {
        MusicFsException failure = WatchLoop.limitOr(ID, new IOException("User limit of inotify watches reached"));
        assertThat(failure.kind()).isEqualTo(FailureKind.NO_SPACE);
        assertThat(failure).hasMessageContaining("fs.inotify.max_user_watches");
    }

    private void awaitDirectories(String... names) throws InterruptedException {
        Set<RealPath> missing = new HashSet<>();
        for (String name : names) {
            missing.add(new RealPath(name));
        }
        while (!missing.isEmpty()) {
            OriginChanges changes = reported.poll(60, TimeUnit.SECONDS);
            assertThat(changes).as("still missing: %s", missing).isNotNull();
            missing.removeAll(changes.directories());
        }
    }

    private static void await(Future<Void> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
