package dev.musicfs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.control.api.CacheStats;
import dev.musicfs.control.client.ControlClient;
import dev.musicfs.control.client.RemoteCache;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.ControlServer;
import dev.musicfs.testkit.TestingCacheControl;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlSocketTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    void onlyItsOwnerCanConnectEvenWhereTheDirectoryIsOpenToAll() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (ControlServer server = new ControlServer(directory, ControlServer.LIMITS)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("control.sock"))))
                    .isEqualTo("rw-------");
            assertThat(names(directory)).containsExactly("control.sock");
            assertThat(server.cache.calls).isEmpty();
        }
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void isBoundWhereNobodyElseCanReachIt() throws Exception {
        ControlSocket socket = new ControlSocket(directory);
        Path bound = socket.prepareBlocking();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(bound.getParent())))
                .isEqualTo("rwx------");
        assertThat(directory.resolve("control.sock")).doesNotExist();
    }

    @Test
    void whatSomebodyElseHasPutInItsPlaceStays() throws Exception {
        ControlSocket socket = new ControlSocket(directory);
        Path bound = socket.prepareBlocking();
        Files.createFile(bound);
        socket.publishBlocking();
        assertThat(socket.isInPlaceBlocking()).isTrue();
        Path place = directory.resolve("control.sock");
        Files.move(place, directory.resolve("kept"));
        assertThat(socket.isInPlaceBlocking()).isFalse();
        Files.createFile(place);
        assertThat(socket.isInPlaceBlocking()).isTrue();
        socket.removeBlocking();
        assertThat(place).exists();
    }

    @Test
    void replacesTheSocketsThatAKilledDaemonLeft() throws Exception {
        Files.createDirectory(directory.resolve(".ctl"));
        for (String left : List.of("control.sock", ".ctl/s")) {
            try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                killed.bind(UnixDomainSocketAddress.of(directory.resolve(left)));
            }
        }
        assertThat(client(directory).daemonRuns()).isFalse();
        try (ControlServer server = new ControlServer(directory, ControlServer.LIMITS)) {
            assertThat(client(directory).daemonRuns()).isTrue();
            assertThat(stats(directory)).isEqualTo(TestingCacheControl.STATS);
            assertThat(server.cache.calls).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a directory whose name is longer than the address of any socket", "Müsik"})
    void servesDirectoriesWhoseNamesNoSocketAddressHolds(String name) throws Exception {
        Path deep =
                Files.createDirectories(directory.resolve(name).resolve(name).resolve(name));
        Set<String> before = temporaryDirectories(deep);
        try (ControlServer server = new ControlServer(deep, ControlServer.LIMITS)) {
            assertThat(names(deep)).containsExactly("control.sock");
            assertThat(stats(deep)).isEqualTo(TestingCacheControl.STATS);
            assertThat(server.cache.calls).isEmpty();
        }
        assertThat(names(deep)).isEmpty();
        // A directory that another JVM's tests have just made is empty for a moment, too.
        assertThat(Polling.until(
                        () -> before.containsAll(temporaryDirectories(deep)), Duration.ofMillis(5), Deadline.in(LONG)))
                .as("no links are left")
                .isTrue();
    }

    @Test
    void saysThatNoDaemonRunsWhenNoneDoes() {
        assertThat(client(directory).daemonRuns()).isFalse();
        assertThatThrownBy(() -> stats(directory))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE))
                .hasMessage("no MusicFS is running for " + directory
                        + "; start it with \"musicfs mount\", or name its directory with --cache-dir");
    }

    @Test
    void refusesToServeWhereItCannotPutItsSocket() throws IOException {
        Files.createDirectories(directory.resolve("control.sock/full"));
        assertThatThrownBy(() -> new ControlServer(directory, ControlServer.LIMITS))
                .isInstanceOf(MusicFsException.class)
                .hasMessageStartingWith("the control socket cannot be opened: ");
    }

    @Test
    void closesAConnectionThatSaysNothingMore() throws Exception {
        try (ControlServer server = new ControlServer(directory, limits(32, Duration.ofSeconds(2), LONG));
                RawClient silent = new RawClient(directory);
                RawClient slow = new RawClient(directory)) {
            slow.send("POST /v1/cache/pin HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
            assertThat(silent.rest()).isEmpty();
            assertThat(slow.rest()).doesNotContain("200");
            assertThat(server.cache.calls).isEmpty();
        }
    }

    @Test
    void doesNotWaitForeverForARequestThatTrickles() throws Exception {
        try (ControlServer server = new ControlServer(directory, limits(32, LONG, Duration.ofMillis(100)));
                RawClient slow = new RawClient(directory)) {
            slow.send("POST /v1/cache/pin HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
            assertThat(slow.rest()).startsWith("HTTP/1.1 408 ");
            assertThat(server.cache.calls).isEmpty();
        }
    }

    @Test
    void answersInTimeWhenTheCacheDoesNot() {
        try (ControlServer server = new ControlServer(directory, limits(32, LONG, Duration.ofMillis(100)))) {
            server.cache.stats = Promise.<CacheStats>promise().future();
            assertThatThrownBy(() -> stats(directory))
                    .isInstanceOfSatisfying(
                            MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.TIMEOUT));
        }
    }

    @Test
    void letsInNoMoreConnectionsThanItsBound() throws Exception {
        String request = "GET /v1/cache HTTP/1.1\r\nHost: x\r\n\r\n";
        try (ControlServer server = new ControlServer(directory, limits(2, LONG, LONG));
                RawClient first = new RawClient(directory);
                RawClient second = new RawClient(directory)) {
            assertThat(first.send(request).some()).contains("200 OK");
            assertThat(second.send(request).some()).contains("200 OK");
            try (RawClient third = new RawClient(directory)) {
                assertThat(third.rest()).isEmpty();
            }
            first.end();
            assertThat(Polling.until(this::answers, Duration.ofMillis(5), Deadline.in(LONG)))
                    .isTrue();
            assertThat(server.cache.calls).isEmpty();
        }
    }

    private boolean answers() {
        try {
            return stats(directory).equals(TestingCacheControl.STATS);
        } catch (MusicFsException e) {
            return false;
        }
    }

    private static ControlLimits limits(int connections, Duration idle, Duration answer) {
        return new ControlLimits(64 << 10, connections, idle, answer, Duration.ofMillis(10));
    }

    private static CacheStats stats(Path cacheDir) {
        return new RemoteCache(client(cacheDir)).statsBlocking();
    }

    private static ControlClient client(Path cacheDir) {
        return new ControlClient(cacheDir, LONG);
    }

    /** Those that lead to this directory, or nowhere. */
    private static Set<String> temporaryDirectories(Path deep) {
        Path all = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            return names(all).stream()
                    .filter(name -> name.matches("musicfs[0-9]+"))
                    .filter(name -> leadsNowhereOr(deep, all.resolve(name)))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean leadsNowhereOr(Path deep, Path temporary) {
        try (Stream<Path> links = Files.list(temporary)) {
            return links.allMatch(link -> {
                try {
                    return Files.readSymbolicLink(link).equals(deep);
                } catch (IOException e) {
                    return false;
                }
            });
        } catch (IOException e) {
            return false; // it was another's, and is gone
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
