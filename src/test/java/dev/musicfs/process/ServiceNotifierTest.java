package dev.musicfs.process;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.Resilience;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.slf4j.LoggerFactory;

class ServiceNotifierTest {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(ServiceNotifier.class);
    private static final long PID = ProcessHandle.current().pid();

    @TempDir
    Path dir;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final ManualTime time = new ManualTime();

    @BeforeEach
    void listen() {
        log.start();
        LOGGER.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.detachAppender(log);
    }

    @Test
    @Resilience("2.10")
    void readinessStatusAndEndComeOverASocketInTheFilesystem() throws IOException {
        Path socket = dir.resolve("notify");
        try (AFUNIXDatagramChannel manager = bound(AFUNIXSocketAddress.of(socket));
                ServiceNotifier notifier = notifier(socket.toString())) {
            notifier.ready("serving /music");
            notifier.status("scanning");
            notifier.stopping("told to");

            assertThat(received(manager)).isEqualTo("READY=1\nMAINPID=" + PID + "\nSTATUS=serving /music");
            assertThat(received(manager)).isEqualTo("STATUS=scanning");
            assertThat(received(manager)).isEqualTo("STOPPING=1\nSTATUS=told to");
        }
        assertThat(log.list).isEmpty();
    }

    @Test
    @Resilience("2.10")
    void anAbstractSocketIsReachedToo() throws IOException {
        String name = "musicfs-test-" + UUID.randomUUID();
        try (AFUNIXDatagramChannel manager = bound(AFUNIXSocketAddress.inAbstractNamespace(name));
                ServiceNotifier notifier = notifier("@" + name)) {
            notifier.ready("serving");
            assertThat(received(manager)).startsWith("READY=1\n");
        }
    }

    @Test
    @Resilience({"2.10", "3.1"})
    void watchdogAndReloadingAreToldInTheProtocolsWords() throws IOException {
        Path socket = dir.resolve("notify");
        try (AFUNIXDatagramChannel manager = bound(AFUNIXSocketAddress.of(socket));
                ServiceNotifier notifier = notifier(socket.toString())) {
            time.advance(Duration.ofSeconds(3));
            notifier.watchdog();
            notifier.reloading();

            assertThat(received(manager)).isEqualTo("WATCHDOG=1");
            assertThat(received(manager)).isEqualTo("RELOADING=1\nMONOTONIC_USEC=3000000");
        }
    }

    @Test
    void aStatusStaysOneLine() throws IOException {
        Path socket = dir.resolve("notify");
        try (AFUNIXDatagramChannel manager = bound(AFUNIXSocketAddress.of(socket));
                ServiceNotifier notifier = notifier(socket.toString())) {
            notifier.status("origin a\nREADY=1");
            notifier.status("x".repeat(100_000));

            assertThat(received(manager)).isEqualTo("STATUS=origin a READY=1");
            assertThat(received(manager)).hasSize("STATUS=".length() + 500);
        }
    }

    @Test
    @Resilience("2.10")
    void nobodyListeningIsLoggedOnceAndSendingGoesOn() throws IOException {
        Path socket = dir.resolve("notify");
        try (ServiceNotifier notifier = notifier(socket.toString())) {
            notifier.ready("serving");
            notifier.watchdog();
            assertThat(log.list).singleElement().satisfies(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage()).contains(socket.toString());
            });

            try (AFUNIXDatagramChannel manager = bound(AFUNIXSocketAddress.of(socket))) {
                notifier.watchdog();
                assertThat(received(manager)).isEqualTo("WATCHDOG=1");
            }
        }
    }

    @Test
    @Resilience("2.10")
    void aManagerThatDoesNotReadDoesNotHoldTheDaemonUp() throws IOException {
        Path socket = dir.resolve("notify");
        try (AFUNIXDatagramChannel manager = bound(AFUNIXSocketAddress.of(socket));
                ServiceNotifier notifier = notifier(socket.toString())) {
            // Far more than the kernel keeps for a reader (net.unix.max_dgram_qlen, 10 to 512): blocking, it would not
            // end.
            for (int i = 0; i < 5_000; i++) {
                notifier.status("still here " + i);
            }
            assertThat(received(manager)).isEqualTo("STATUS=still here 0");
            assertThat(log.list).hasSize(1);
        }
    }

    @Test
    void anUnknownKindOfSocketIsLoggedAndNothingMore() {
        try (ServiceNotifier notifier = notifier("vsock:2:1234")) {
            notifier.ready("serving");
        }
        assertThat(log.list).hasSize(1);
    }

    @Test
    void closedItSaysNothing() throws IOException {
        Path socket = dir.resolve("notify");
        try (AFUNIXDatagramChannel manager = bound(AFUNIXSocketAddress.of(socket))) {
            ServiceNotifier notifier = notifier(socket.toString());
            notifier.watchdog();
            notifier.close();
            notifier.watchdog();

            assertThat(received(manager)).isEqualTo("WATCHDOG=1");
            assertThat(received(manager)).isEmpty();
        }
        assertThat(log.list).isEmpty();
    }

    @Test
    @Resilience("2.10")
    void withoutAManagerNothingIsLoadedForIt() throws Exception {
        List<String> loaded = classesLoadedBy("");
        assertThat(loaded).anyMatch(line -> line.contains("dev.musicfs.process.ServiceNotifier "));
        assertThat(loaded).noneMatch(line -> line.contains("org.newsclub"));
        // The same with somebody to tell, or the above would prove nothing.
        assertThat(classesLoadedBy(dir.resolve("nobody").toString())).anyMatch(line -> line.contains("org.newsclub"));
    }

    /** A whole life, in a JVM of its own. */
    static final class Life {
        public static void main(String[] args) {
            try (ServiceNotifier notifier = ServiceNotifier.of(System.getenv(), new ManualTime())) {
                notifier.ready("serving");
                notifier.watchdog();
                notifier.stopping("done");
            }
        }
    }

    private List<String> classesLoadedBy(String socket) throws IOException, InterruptedException {
        Path output = Files.createTempFile(dir, "classes", ".log");
        ProcessBuilder life = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:stdout",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Life.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        life.environment().put("NOTIFY_SOCKET", socket);
        Process process = life.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(output);
    }

    private ServiceNotifier notifier(String socket) {
        return ServiceNotifier.of(Map.of("NOTIFY_SOCKET", socket), time);
    }

    private static AFUNIXDatagramChannel bound(AFUNIXSocketAddress address) throws IOException {
        AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
        channel.bind(address);
        // What was sent over a Unix socket is there already.
        channel.configureBlocking(false);
        return channel;
    }

    private static String received(AFUNIXDatagramChannel channel) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(4096);
        // Gives no address either way: the sender has none.
        channel.receive(message);
        return StandardCharsets.UTF_8.decode(message.flip()).toString();
    }
}
