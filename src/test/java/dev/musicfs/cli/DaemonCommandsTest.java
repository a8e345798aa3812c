package dev.musicfs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.config.ConfigLoader;
import dev.musicfs.control.api.DaemonStatus;
import dev.musicfs.control.api.LibraryStatus;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.registry.Backends;
import dev.musicfs.posix.MountTable;
import dev.musicfs.testkit.ControlServer;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingDaemonControl;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code musicfs status} and {@code musicfs shutdown}; the daemon's process is a {@code sleep}. */
class DaemonCommandsTest {
    private static final MountTable NOTHING = new MountTable(List.of());
    private static final MountTable MOUNTED =
            new MountTable(List.of(new MountTable.Mount("/mnt/music", "fuse.musicfs", "musicfs", "0:42")));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path cacheDir;

    private Path empty;
    private ControlServer server;
    private Process process;

    @BeforeEach
    void serve() throws IOException {
        empty = Files.writeString(cacheDir.resolve("empty.toml"), "");
        process = new ProcessBuilder("sleep", "600").start();
        server = new ControlServer(cacheDir, ControlServer.LIMITS);
    }

    @AfterEach
    void close() {
        server.close();
        process.destroyForcibly();
    }

    @Test
    void saysHowTheDaemonIsAndWhatAilsIt() {
        assertThat(run("status")).isEqualTo(StatusCommand.NOT_READY);
        assertThat(text(out))
                .isEqualTo(
                        """
                        /mnt/music: degraded, running for 2 h (MusicFS 1.2.3, pid 4711)
                        origin nas: up
                        origin cloud: down
                          last error: no answer
                          1 entries cannot be looked at, what is known of them is kept: lost+found (EACCES)
                          2 files are damaged and shown under their own names; the log says what is wrong
                        cache: healthy
                        catalog: healthy
                        task scan (critical): running, 0 restarts
                        task watch: waiting, 3 restarts
                          last error: no inotify watches are left
                        1,234 failures that nobody caught; see the log
                        """);
        out.reset();
        assertThat(run("status", "--json")).isEqualTo(StatusCommand.NOT_READY);
        assertThat(new JsonObject(text(out))).isEqualTo(RecordJson.of(TestingDaemonControl.DEGRADED));
    }

    @Test
    void isShortWhenAllIsWell() {
        server.daemon.status = TestingDaemonControl.READY;
        assertThat(run("status")).isZero();
        assertThat(text(out))
                .isEqualTo(
                        """
                        /mnt/music: ready, running for 59 s (MusicFS 1.2.3, pid 4711)
                        origin nas: up
                        cache: healthy
                        catalog: healthy
                        """);
    }

    @Test
    void saysWhatThePictureInTheReadmeShows() throws IOException {
        var origins = new ConfigLoader(Backends.types())
                .load(Optional.of(empty), new ConfigLoader.Flags(Map.of(), List.of("sftp://me@nas/flac", "/srv/usb")))
                .orThrow()
                .origins();
        server.daemon.status = new DaemonStatus(
                4711,
                "/srv/music",
                "0.1.0",
                "degraded",
                Duration.ofDays(2).toSeconds(),
                List.of(),
                List.of(
                        new DaemonStatus.OriginState(
                                origins.get(0).id().value(), "down", Optional.empty(), LibraryStatus.IN_STEP),
                        new DaemonStatus.OriginState(
                                origins.get(1).id().value(), "up", Optional.empty(), LibraryStatus.IN_STEP)),
                "healthy",
                "healthy",
                0);
        assertThat(run("status")).isEqualTo(StatusCommand.NOT_READY);
        String picture = Files.readString(Path.of("docs/terminal.svg")).replaceAll("<[^>]*>", "");
        assertThat(picture.lines().map(String::strip))
                .containsSequence(text(out).lines().toList());
    }

    @Test
    void saysForWhichCacheNoDaemonRuns() {
        server.close();
        for (String command : List.of("status", "shutdown")) {
            err.reset();
            assertThat(run(command)).isEqualTo(ExitCodes.FAILED);
            assertThat(text(err)).startsWith("musicfs: no MusicFS is running for " + cacheDir);
        }
    }

    @Test
    @Resilience("2.1")
    void waitsUntilTheProcessIsGone() throws InterruptedException {
        serveAsTheProcess();
        server.daemon.end = process::destroy;
        assertThat(run("shutdown", "--timeout", "7")).isZero();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(text(out)).isEqualTo("musicfs: stopped /mnt/music\n");
        assertThat(server.daemon.calls).containsExactly("status", "shutdown 7");
    }

    @Test
    @Resilience("2.1")
    void waitsUntilTheMountIsGone() {
        serveAsTheProcess();
        server.daemon.end = process::destroy;
        AtomicInteger looks = new AtomicInteger();
        assertThat(shutdownNow(() -> looks.incrementAndGet() < 3 ? MOUNTED : NOTHING, Duration.ofSeconds(30)))
                .isZero();
        assertThat(looks).hasValue(3);
    }

    @Test
    void doesNotWaitForAParentToNoticeThatTheDaemonEnded() throws IOException {
        process.destroy();
        process = new ProcessBuilder("sh", "-c", "sleep 0 & echo $!; exec sleep 600").start();
        serveAs(Long.parseLong(process.inputReader().readLine()));
        assertThat(shutdownNow(() -> NOTHING, Duration.ofSeconds(30))).isZero();
    }

    @Test
    void waitsForNothingWhenItIsToBeNow() {
        serveAsTheProcess();
        server.daemon.end = process::destroy;
        assertThat(run("shutdown", "--now", "--json")).isZero();
        assertThat(text(out)).isEqualTo("{\"stopped\":true}\n");
        assertThat(server.daemon.calls).containsExactly("status", "shutdown 0");
    }

    @Test
    void saysThatTheDaemonStillRuns() {
        serveAsTheProcess();
        assertThatThrownBy(() -> shutdownNow(() -> NOTHING, Duration.ZERO))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.TIMEOUT))
                .hasMessage("MusicFS (pid " + process.pid() + ") still runs after 0 s");
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void saysThatTheMountIsStillThere() throws InterruptedException {
        serveAsTheProcess();
        process.destroy();
        process.waitFor();
        assertThatThrownBy(() -> shutdownNow(() -> MOUNTED, Duration.ZERO))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.TIMEOUT))
                .hasMessageContaining("/mnt/music is still mounted");
        // What somebody else has mounted there since is not ours to wait for.
        MountTable foreign = new MountTable(List.of(new MountTable.Mount("/mnt/music", "ext4", "/dev/sda", "8:1")));
        assertThat(shutdownNow(() -> foreign, Duration.ZERO)).isZero();
    }

    @Test
    void refusesATimeoutThatMakesNoSense() {
        for (String timeout : List.of("-1", "3601", "soon", "1.5")) {
            assertThat(run("shutdown", "--timeout", timeout)).isEqualTo(ExitCodes.USAGE);
        }
        assertThat(server.daemon.calls).isEmpty();
    }

    private void serveAsTheProcess() {
        serveAs(process.pid());
    }

    private void serveAs(long pid) {
        DaemonStatus ready = TestingDaemonControl.READY;
        server.daemon.status = new DaemonStatus(
                pid,
                ready.mountPoint(),
                ready.version(),
                ready.state(),
                ready.uptimeSeconds(),
                ready.tasks(),
                ready.origins(),
                ready.cache(),
                ready.catalog(),
                ready.uncaughtFailures());
    }

    private int shutdownNow(Supplier<MountTable> mounts, Duration grace) {
        Console console = new Console(stream(out), stream(err), List.of(), Map.of());
        ShutdownCommand command = new ShutdownCommand(console, mounts, grace);
        var unused =
                new CommandLine(command).parseArgs("--now", "-c", empty.toString(), "--cache-dir", cacheDir.toString());
        return command.call();
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-c", empty.toString(), "--cache-dir", cacheDir.toString()));
        return Main.run(all.toArray(String[]::new), Map.of(), stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
