package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.FuseControl;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the real jar starts, stops, is killed and starts again. */
class LifecycleIT {
    @TempDir
    Path dir;

    private SampleMount it;

    @BeforeEach
    void prepare() throws IOException {
        it = SampleMount.in(dir);
    }

    @ParameterizedTest
    @Resilience("2.1")
    @ValueSource(strings = {"TERM", "INT"})
    void signalUnmountsAndExitsWithZero(String signal) throws Exception {
        try (DaemonProcess daemon = it.scanned()) {
            assertThat(daemon.isMounted()).isTrue();
            daemon.signal(signal);
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.isMounted()).isFalse();
        }
    }

    @ParameterizedTest
    @Resilience("2.1")
    @ValueSource(strings = {"TERM", "INT"})
    void aSecondSignalEndsAStopThatHangsAndStillTakesTheMountAway(String signal) throws Exception {
        Map<String, String> hung = Map.of("FAILPOINTS", "shutdown-phase=pause");
        try (DaemonProcess daemon = it.scanned(hung, "--failpoints")) {
            daemon.signal("TERM");
            daemon.awaitOutput("Stopping on signal 15");
            assertThat(daemon.isMounted()).isTrue();
            daemon.signal(signal);
            assertThat(daemon.awaitExit()).as(daemon.output()).isEqualTo(signal.equals("TERM") ? 143 : 130);
            assertThat(daemon.isMounted()).isFalse();
            assertThat(daemon.output()).doesNotContain("Stopped in");
        }
    }

    @Test
    @Resilience("2.3")
    void aReadThatHangsWhileTheDaemonStopsFailsAndHoldsNothingUp() throws Exception {
        Map<String, String> hung = Map.of("FAILPOINTS", "fuse-read-before-reply=pause");
        try (DaemonProcess daemon = it.scanned(hung, "--failpoints")) {
            Path track = dir.resolve("track");
            Process reader = new ProcessBuilder(
                            "bash",
                            "-c",
                            "exec cat \"$(find \"$0\" -type f -name '*.flac' | head -1)\"",
                            it.mount().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(track.toFile())
                    .start();
            try {
                daemon.await(
                        () -> waitsForARead(reader.pid()) || !reader.isAlive(),
                        () -> "a reader in the kernel, which is at " + whereabouts(reader.pid()) + " and said "
                                + text(track));
                assertThat(reader.isAlive()).as(text(track)).isTrue();
                daemon.signal("TERM");
                assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
                assertThat(daemon.isMounted()).isFalse();
                assertThat(reader.waitFor()).isNotZero();
            } finally {
                reader.destroyForcibly();
            }
            assertThat(daemon.output())
                    .containsPattern("Stopped the mount in \\d+ ms")
                    .contains("Stopped in ");
        }
    }

    @Test
    @Resilience({"2.1", "2.6"})
    void aDaemonTellsHowItIsAndEndsWhenItIsAskedTo() throws Exception {
        try (DaemonProcess daemon = it.scanned()) {
            Shell status = command("status");
            assertThat(status.exitCode()).as(status.output()).isZero();
            assertThat(status.output())
                    .contains(Long.toString(daemon.pid()))
                    .contains(it.mount().toString())
                    .contains("sync-", "health", "cache-maintenance", "cache-disk", "store-look");
            Shell shutdown = command("shutdown");
            assertThat(shutdown.exitCode())
                    .as(shutdown.output() + daemon.output())
                    .isZero();
            assertThat(daemon.isMounted()).isFalse();
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.output()).contains("0 phases unfinished");
            assertThat(command("status").exitCode()).isEqualTo(1);
        }
    }

    @Test
    @Resilience("2.6")
    void aSocketThatSomebodyDeletesComesBackAndACommandWaitsForIt() throws Exception {
        try (DaemonProcess daemon = it.serving()) {
            Path socket = it.cache().resolve("control.sock");
            daemon.await(() -> Files.exists(socket), "the socket");
            Files.delete(socket);
            Shell shutdown = command("shutdown");
            assertThat(shutdown.exitCode())
                    .as(shutdown.output() + daemon.output())
                    .isZero();
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.output())
                    .contains("0 phases unfinished")
                    .containsOnlyOnce("has deleted the control socket");
        }
    }

    private Shell command(String name) throws Exception {
        return DaemonProcess.run(name, "--cache-dir", it.cache().toString());
    }

    @Test
    @Resilience("3.4")
    void anAbortedConnectionIsMountedAnewWithTheSameTree() throws Exception {
        try (DaemonProcess daemon = it.scanned();
                FuseControl control = FuseControl.mount(dir.resolve("fusectl"))) {
            String before = it.listing();
            for (int time = 1; time <= 2; time++) {
                int times = time;
                control.abort(it.mount());
                daemon.await(() -> count(daemon.output(), "is mounted again") == times, "the new mount");
                assertThat(it.listing()).isEqualTo(before);
            }
            Files.copy(
                    TestAudio.track(TestAudio.Spec.of(AudioEncoding.FLAC).with("title", "Afterwards")),
                    it.origin().resolve("afterwards.flac"));
            daemon.await(() -> files().contains("Afterwards"), "a change after the new mount");
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.isMounted()).isFalse();
        }
    }

    @Test
    @Resilience({"2.1", "3.4"})
    void aStopBetweenAnAbortAndTheNewMountLeavesNoDeadMount() throws Exception {
        try (DaemonProcess daemon = it.scanned();
                FuseControl control = FuseControl.mount(dir.resolve("fusectl"))) {
            control.abort(it.mount());
            daemon.awaitOutput("it is mounted anew");
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.isMounted()).isFalse();
        }
    }

    @Test
    @Resilience("3.4")
    void whenItCannotBeMountedAnewTheDaemonEndsInOrderAndSaysSo() throws Exception {
        // Shows what is beneath the mount, which comes later.
        Path beneath = Files.createDirectories(dir.resolve("beneath"));
        Shell.require("mount", "--bind", it.mount().toString(), beneath.toString());
        try (DaemonProcess daemon = it.scanned();
                FuseControl control = FuseControl.mount(dir.resolve("fusectl"))) {
            Files.writeString(beneath.resolve("in-the-way"), "x");
            // The dead mount has to go within a second, or its place is taken in time: then once more.
            for (int time = 1; !daemon.output().contains("cannot be mounted again"); time++) {
                int times = time;
                control.abort(it.mount());
                daemon.await(() -> count(daemon.output(), "it is mounted anew") == times, "the abort to be noticed");
                Shell.run(List.of("umount", "-l", it.mount().toString()));
                daemon.await(
                        () -> daemon.output().contains("cannot be mounted again")
                                || count(daemon.output(), "is mounted again") == times,
                        "the first try");
            }
            assertThat(daemon.awaitExit()).as(daemon.output()).isEqualTo(1);
            assertThat(count(daemon.output(), "cannot be mounted again")).isEqualTo(3);
            assertThat(daemon.output()).contains("could not be mounted again").contains("Stopped in ");
        } finally {
            Shell.require("umount", beneath.toString());
        }
    }

    private static int count(String text, String what) {
        return text.split(java.util.regex.Pattern.quote(what), -1).length - 1;
    }

    private String files() {
        try {
            return it.listing();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Resilience("2.7")
    void restartAfterKillRepairsTheStaleMountAndKeepsInodes() throws Exception {
        String before;
        try (DaemonProcess daemon = it.scanned()) {
            before = it.listing();
            daemon.signal("KILL");
            daemon.awaitExit();
            assertThat(daemon.isMounted())
                    .as("a stale mount stays after kill -9")
                    .isTrue();
            try (DaemonProcess next = it.scanned()) {
                assertThat(next.isMounted()).isTrue();
                assertThat(it.listing()).isEqualTo(before);
            }
        }
        assertThat(DaemonProcess.isMounted(it.mount())).isFalse();
    }

    @Test
    @Resilience({"B.2", "B.5"})
    void knownTreeIsServedWhileTheOriginIsAway() throws Exception {
        String before;
        try (DaemonProcess daemon = it.scanned()) {
            before = it.listing();
            it.end(daemon);
        }
        SortedMap<String, String> right = it.right();
        Path unplugged = Files.move(it.origin(), dir.resolve("unplugged"));
        // The second time the kernel knows nothing of what the first one showed before its scan failed.
        for (int start = 0; start < 2; start++) {
            try (DaemonProcess daemon = it.serving()) {
                assertThat(Files.exists(it.origin())).isFalse();
                daemon.awaitOutput("is not in step");
                assertThat(it.listing()).isEqualTo(before);
                it.end(daemon);
            }
        }
        Files.move(unplugged, it.origin());
        try (DaemonProcess daemon = it.scanned()) {
            assertThat(it.listing()).isEqualTo(before);
            assertThat(Trees.hashes(it.mount())).as(daemon.output()).isEqualTo(right);
        }
    }

    @Test
    void badInputIsOneSentenceAndChangesNothing() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "x");
        Path full = Files.createDirectories(dir.resolve("full"));
        Files.writeString(full.resolve("something"), "x");
        refused(dir.resolve("missing"), it.origin(), "missing");
        refused(file, it.origin(), "directory");
        refused(full, it.origin(), "empty");
        refused(it.mount(), dir.resolve("no-origin"), "no-origin");
        refused(it.mount(), file, "directory");
    }

    private void refused(Path mountPoint, Path from, String word) throws Exception {
        try (DaemonProcess daemon = DaemonProcess.start(mountPoint, dir.resolve("fresh-cache"), from)) {
            assertThat(daemon.awaitExit()).as(daemon.output()).isEqualTo(1);
            assertThat(daemon.output().lines().toList()).hasSize(1);
            assertThat(daemon.output()).contains(word).doesNotContain("Exception");
            assertThat(DaemonProcess.isMounted(mountPoint)).isFalse();
        }
    }

    @Test
    void dryRunPrintsPathsAndMountsNothing() throws Exception {
        Shell result = DaemonProcess.run(
                "mount",
                it.mount().toString(),
                "--origin",
                it.origin().toString(),
                "--cache-dir",
                it.cache().toString(),
                "--dry-run");
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("[FLAC]/");
        assertThat(DaemonProcess.isMounted(it.mount())).isFalse();
    }

    @Test
    @Resilience("2.7")
    void aDaemonKilledWhileItWaitsForItsOwnMountIsReplaced() throws Exception {
        Map<String, String> held = Map.of("FAILPOINTS", "fuse-announce-before-reply=pause");
        Path track = TestAudio.track(TestAudio.Spec.of(AudioEncoding.FLAC).with("title", "New"));
        try (DaemonProcess daemon = it.scanned(held, "--failpoints")) {
            it.listing();
            Files.copy(track, it.origin().resolve("new.flac"));
            daemon.await(() -> waitsForFuse(daemon.pid()), "an announcement");
            daemon.signal("KILL");
            try (DaemonProcess next = it.scanned()) {
                assertThat(next.isMounted()).isTrue();
                assertThat(it.listing()).contains("New");
            }
            assertThat(daemon.awaitExit()).isEqualTo(137);
        }
        assertThat(DaemonProcess.isMounted(it.mount())).isFalse();
    }

    /**
     * Whether the process, of one thread, is in read(2) of a file of the mount. Where in the kernel it waits there says
     * nothing: for its own request or, as a rule, for a page that somebody's reading ahead is to fill.
     */
    private boolean waitsForARead(long pid) {
        String read = System.getProperty("os.arch").equals("amd64") ? "0" : "63";
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            String[] call = Files.readString(process.resolve("syscall")).split(" ", 3);
            return call.length == 3
                    && call[0].equals(read)
                    && Files.readSymbolicLink(process.resolve("fd").resolve(Long.toString(Long.decode(call[1]))))
                            .startsWith(it.mount());
        } catch (IOException e) {
            return false;
        }
    }

    private static String whereabouts(long pid) {
        return List.of("comm", "syscall", "wchan", "stack").stream()
                .map(name -> text(Path.of("/proc", Long.toString(pid), name)).strip())
                .toList()
                .toString();
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Whether a thread of the process waits for the answer to a request of its own; no read does reliably. */
    private static boolean waitsForFuse(long pid) {
        try (java.util.stream.Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.anyMatch(thread -> {
                try {
                    return Files.readString(thread.resolve("wchan")).contains("request_wait_answer");
                } catch (IOException e) {
                    return false;
                }
            });
        } catch (IOException e) {
            return false;
        }
    }
}
