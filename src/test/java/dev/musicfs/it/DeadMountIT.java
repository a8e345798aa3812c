package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.posix.MountTable;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.FuseControl;
import dev.musicfs.testkit.Kernel;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others see of a mount that nobody serves, until it is served again. */
class DeadMountIT {
    private static final int TIMES = 5;
    private static final int REPLACEMENTS = 3;

    @TempDir
    Path dir;

    private SampleMount it;

    /** Programs that scan would delete all they know. Without root, or before Linux 6.5, it is empty for a moment. */
    @Test
    @Resilience("2.7")
    void whileARestartIsComingTheMountpointIsNeverAnEmptyDirectory() throws Exception {
        prepare();
        DaemonProcess daemon = it.scanned();
        try (Watcher watcher = new Watcher()) {
            for (int kill = 1; kill <= TIMES; kill++) {
                daemon.signal("KILL");
                daemon.awaitExit();
                daemon = it.serving();
                watcher.hasSeenAllAndNothingElse(daemon, "kill " + kill);
            }
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(DaemonProcess.isMounted(it.mount())).isFalse();
        } finally {
            daemon.close();
        }
    }

    /** For whom the kernel answers: a directory is asked for again once after it was read, and then no more. */
    @Test
    @Resilience({"2.7", "B.2"})
    void aTreeThatWasLookedAtTwiceIsShownWholeByADeadMount() throws Exception {
        prepare();
        try (DaemonProcess daemon = it.scanned()) {
            Shell look = look();
            assertThat(look.exitCode()).as(look.output()).isZero();
            assertThat(look().output()).isEqualTo(look.output()).contains(".flac");
            daemon.signal("KILL");
            daemon.awaitExit();
            for (int time = 0; time < TIMES; time++) {
                Shell dead = look();
                assertThat(dead.output()).isEqualTo(look.output());
                assertThat(dead.exitCode()).isZero();
            }
            Shell read = Shell.bash("cat \"$(find \"$1\" -name '*.flac' | head -1)\"", it.mount());
            assertThat(read.output()).contains("not connected");
        }
    }

    /** As programs scan: the attributes of everything and then what is in it, and a name that is not there. */
    private Shell look() throws Exception {
        return Shell.bash(
                "find \"$1\" -printf '%p %s %m %i %T@ %C@\\n"
                        + "' && find \"$1\" -type d -exec test -e {}/.ignore \\; -print",
                it.mount());
    }

    @Test
    @Resilience("3.4")
    void untilAnAbortedMountIsMadeAnewTheMountpointIsNeverAnEmptyDirectory() throws Exception {
        prepare();
        try (DaemonProcess daemon = it.scanned();
                FuseControl control = FuseControl.mount(dir.resolve("fusectl"));
                Watcher watcher = new Watcher()) {
            for (int abort = 1; abort <= TIMES; abort++) {
                int times = abort;
                control.abort(it.mount());
                daemon.await(() -> daemon.output().split("is mounted again", -1).length - 1 == times, "the new mount");
                watcher.hasSeenAllAndNothingElse(daemon, "abort " + abort);
            }
        }
    }

    @Test
    @Resilience({"2.7", "3.9"})
    void whileADaemonThatIsWellIsReplacedTheMountpointIsNeverAnEmptyDirectory() throws Exception {
        prepare();
        Deque<DaemonProcess> daemons = new ArrayDeque<>();
        daemons.push(it.scanned());
        try (Watcher watcher = new Watcher()) {
            for (int time = 1; time <= REPLACEMENTS; time++) {
                DaemonProcess before = daemons.getFirst();
                before.awaitCommands(it.cache());
                daemons.push(it.serving("--replace"));
                assertThat(before.awaitExit()).as(before.output()).isZero();
                assertThat(before.output()).contains("0 phases unfinished");
                watcher.hasSeenAllAndNothingElse(daemons.getFirst(), "replacement " + time);
            }
        } finally {
            daemons.forEach(DaemonProcess::close);
        }
        assertThat(DaemonProcess.isMounted(it.mount())).isFalse();
    }

    @Test
    @Resilience("2.7")
    void whatOneLeftThatWasKilledWhileItMountedElsewhereIsTakenAwayByTheNextReplacement() throws Exception {
        prepare();
        Path elsewhere = dir.toRealPath();
        Map<String, String> temporary = Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + elsewhere);
        Path left = Files.createDirectories(elsewhere.resolve("musicfs-mount-1"));
        Path others = Files.createDirectories(elsewhere.resolve("others"));
        for (Path place : List.of(left, others, it.mount())) {
            DaemonProcess killed = DaemonProcess.serving(
                    temporary, place, dir.resolve("cache of " + place.getFileName()), it.origin());
            killed.signal("KILL");
            killed.awaitExit();
        }
        try (DaemonProcess next =
                DaemonProcess.serving(temporary, it.mount(), dir.resolve("cache of mount"), it.origin())) {
            assertThat(DaemonProcess.isMounted(left)).isFalse();
            assertThat(left).doesNotExist();
            assertThat(DaemonProcess.isMounted(others)).isTrue();
            assertThat(MountTable.read().allAt(it.mount())).hasSize(1);
            assertThat(next.isMounted()).isTrue();
        } finally {
            for (Path place : List.of(left, others)) {
                Shell.run("umount", "-l", place.toString());
            }
        }
    }

    /** It would stay dead for good. */
    @Test
    @Resilience("3.9")
    void whoIsReplacedByADaemonWithAnotherMountpointTakesItsOwnAway() throws Exception {
        prepare();
        Path other = Files.createDirectories(dir.resolve("other"));
        try (DaemonProcess first = it.scanned();
                DaemonProcess next = DaemonProcess.serving(other, it.cache(), it.origin(), "--replace")) {
            assertThat(first.awaitExit()).as(first.output()).isZero();
            assertThat(DaemonProcess.isMounted(it.mount())).isFalse();
            assertThat(next.isMounted()).isTrue();
        }
    }

    private void prepare() throws IOException {
        Kernel.assumeMountsGoBeneathOthers();
        it = SampleMount.in(dir);
    }

    /** Lists the mount without a pause and counts; an error shows nothing. */
    private final class Watcher implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final Queue<Long> seen = new ConcurrentLinkedQueue<>();
        private final long all;
        private final Thread thread = new Thread(this::watch, "watcher");

        Watcher() throws IOException {
            this.all = shown();
            assertThat(all).isPositive();
            thread.start();
        }

        private void watch() {
            while (!over.get()) {
                try {
                    seen.add(shown());
                } catch (IOException | UncheckedIOException e) {
                    // Nobody serves it.
                }
            }
        }

        void hasSeenAllAndNothingElse(DaemonProcess daemon, String where) {
            int before = seen.size();
            daemon.await(() -> seen.size() > before, "somebody to look");
            assertThat(seen).as(where).containsOnly(all);
            assertThat(MountTable.read().allAt(it.mount()))
                    .as("mounts after %s", where)
                    .hasSize(1);
        }

        @Override
        public void close() {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private long shown() throws IOException {
        try (Stream<Path> entries = Files.list(it.mount())) {
            return entries.count();
        }
    }
}
