package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** What a service manager hears of the real jar, from its start to its end. */
class ServiceManagerIT {
    private static final long PATIENCE_SECONDS = 60;
    private static final long INTERVAL_MILLIS = 4_000;

    @TempDir
    Path dir;

    @Test
    @Resilience({"2.10", "3.1"})
    void hearsOfReadinessWhenTheMountAnswersOfLifeWhileThereIsAndOfTheEnd() throws Exception {
        SampleMount it = SampleMount.in(dir);
        Path origin = it.origin();
        Path mount = it.mount();
        try (Manager manager = new Manager(dir.resolve("notify"));
                DaemonProcess daemon = DaemonProcess.start(manager.environment(), mount, it.cache(), origin)) {
            String ready = manager.await("READY=1");
            assertThat(Shell.bash("stat -f -c %T \"$1\" && ls \"$1\"", mount).exitCode())
                    .as("the mount answers as soon as it is called ready")
                    .isZero();
            assertThat(daemon.isMounted()).isTrue();
            assertThat(ready.lines().toList())
                    .containsExactly("READY=1", "MAINPID=" + daemon.pid(), "STATUS=serving " + mount);
            for (int i = 0; i < 3; i++) {
                manager.await("WATCHDOG=1");
            }
            daemon.signal("STOP");
            try {
                daemon.await(daemon::isStopped, "it to stop");
                manager.forgetWhatCame();
                assertThat(manager.hears("WATCHDOG=1", 2 * INTERVAL_MILLIS)).isFalse();
            } finally {
                daemon.signal("CONT");
            }
            manager.await("WATCHDOG=1");
            daemon.signal("TERM");
            assertThat(manager.await("STOPPING=1")).contains("\nSTATUS=");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
        }
    }

    @ParameterizedTest
    @Resilience("2.7")
    @ValueSource(strings = {"musicfs.service", "musicfs-user.service"})
    void itsUnitLeavesTheDeadMountForTheRestartAndTakesItAwayAfterAGoodEnd(String unit) throws Exception {
        SampleMount it = SampleMount.in(dir);
        Path mount = it.mount();
        String line;
        try (Stream<String> lines = Files.lines(Path.of("conf", unit))) {
            // As systemd does: a minus in front says that a failure is none, and $$ is a dollar.
            line = lines.filter(each -> each.startsWith("ExecStopPost=-"))
                    .map(each -> each.substring("ExecStopPost=-".length()).replace("$$", "$"))
                    .findFirst()
                    .orElseThrow();
        }
        try (DaemonProcess daemon = it.serving()) {
            Shell.bash("SERVICE_RESULT=success MUSICFS_MOUNT_POINT=\"$1\" bash -c \"$2\"", mount, line);
            assertThat(daemon.isMounted()).as("somebody serves it").isTrue();
            daemon.signal("KILL");
            daemon.awaitExit();
            for (String crash : List.of("signal", "exit-code", "watchdog", "oom-kill", "timeout")) {
                Shell.bash("SERVICE_RESULT=" + crash + " MUSICFS_MOUNT_POINT=\"$1\" bash -c \"$2\"", mount, line);
                assertThat(daemon.isMounted()).as(crash).isTrue();
            }
            Shell end = Shell.bash("SERVICE_RESULT=success MUSICFS_MOUNT_POINT=\"$1\" bash -c \"$2\"", mount, line);
            assertThat(end.exitCode()).as(end.output()).isZero();
            assertThat(daemon.isMounted()).isFalse();
        }
    }

    private static final class Manager implements AutoCloseable {
        private final Path socket;
        private final AFUNIXDatagramChannel channel;
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        Manager(Path socket) throws IOException {
            this.socket = socket;
            this.channel = AFUNIXDatagramChannel.open();
            channel.bind(AFUNIXSocketAddress.of(socket));
            Thread thread = new Thread(this::listen, "service-manager");
            thread.setDaemon(true);
            thread.start();
        }

        Map<String, String> environment() {
            return Map.of(
                    "NOTIFY_SOCKET",
                    socket.toString(),
                    "WATCHDOG_USEC",
                    Long.toString(INTERVAL_MILLIS * 1_000),
                    "WATCHDOG_PID",
                    "");
        }

        private void listen() {
            ByteBuffer message = ByteBuffer.allocate(4096);
            try {
                while (true) {
                    channel.receive(message.clear());
                    heard.add(StandardCharsets.UTF_8.decode(message.flip()).toString());
                }
            } catch (IOException e) {
                heard.add("closed");
            }
        }

        /** The first message of this kind; those before it are dropped. */
        String await(String start) throws InterruptedException {
            String message = next(start, PATIENCE_SECONDS * 1_000);
            assertThat(message).as("a message that begins with %s", start).isNotEmpty();
            return message;
        }

        boolean hears(String start, long millis) throws InterruptedException {
            return !next(start, millis).isEmpty();
        }

        private String next(String start, long millis) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            while (true) {
                String message = heard.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (message == null) {
                    return "";
                }
                if (message.startsWith(start)) {
                    return message;
                }
            }
        }

        /** What was sent before this is in the socket by now, in front of what this sends. */
        void forgetWhatCame() throws IOException, InterruptedException {
            try (AFUNIXDatagramChannel own = AFUNIXDatagramChannel.open()) {
                own.send(StandardCharsets.UTF_8.encode("so far"), AFUNIXSocketAddress.of(socket));
            }
            await("so far");
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
