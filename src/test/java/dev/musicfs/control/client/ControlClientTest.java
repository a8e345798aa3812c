package dev.musicfs.control.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client against servers that no MusicFS would be. */
class ControlClientTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    private Path cacheDir;

    private ServerSocketChannel server;

    @BeforeEach
    void listen() throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(cacheDir.resolve("control.sock")));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void givesUpOnADaemonThatIsSilent() {
        // The kernel takes the connection although nobody accepts it.
        ControlClient client = new ControlClient(cacheDir, Duration.ofMillis(50));
        assertThat(client.daemonRuns()).isTrue();
        assertThatThrownBy(() -> client.call("GET", "/v1/cache", null))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.TIMEOUT));
    }

    @Test
    void readsAnAnswerInPieces() {
        answer(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n6;x=y\r\n\":\"ö\"\r\n1\r\n}\r\n0\r\n\r\n");
        assertThat(client().call("GET", "/", null).getString("a")).isEqualTo("ö");
    }

    @Test
    void readsLinesAcrossPieces() {
        answer(
                CHUNKED
                        + "1c\r\n{\"progress\":{\"done\":1,\"of\":2\r\n15\r\n}}\n{\"result\":{\"x\":1}}\r\n1\r\n\n\r\n0\r\n\r\n");
        StringBuilder seen = new StringBuilder();
        var result = client().work("POST", "/", () -> false, (done, of) -> seen.append(done)
                .append(of));
        assertThat(result)
                .hasValueSatisfying(json -> assertThat(json.getInteger("x")).isOne());
        assertThat(seen).hasToString("12");
    }

    @ParameterizedTest
    @CsvSource({
        "'', UNAVAILABLE",
        "'SSH-2.0-OpenSSH_9.2\r\n', UNAVAILABLE",
        "'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}', UNAVAILABLE",
        "'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}', UNAVAILABLE",
        "'HTTP/1.1 200 OK\r\nContent-Length: 17000000\r\n\r\n', UNAVAILABLE",
        "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', UNAVAILABLE",
        "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}garbage', UNAVAILABLE",
        "'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]', CORRUPT",
        "'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno', CORRUPT",
        "'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', CORRUPT",
        "'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}', CORRUPT",
        "'HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\n{}', CORRUPT",
        "'HTTP/1.1 500 No\r\nContent-Length: 12\r\n\r\n{\"error\":{}}', CORRUPT"
    })
    void failsOnWhatMakesNoSense(String answer, FailureKind kind) {
        answer(answer);
        assertThatThrownBy(() -> new RemoteCache(client()).statsBlocking())
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void failsOnLongWorkThatEndsWithoutAResult() {
        answer(CHUNKED + "1f\r\n{\"progress\":{\"done\":1,\"of\":2}}\n\r\n0\r\n\r\n");
        assertThatThrownBy(() -> client().work("POST", "/", () -> false, (done, of) -> {}))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
    }

    @Test
    void knowsAFailureOfANewerDaemon() {
        String error = "{\"error\":{\"kind\":\"MELTED\",\"message\":\"It melted.\"}}";
        answer("HTTP/1.1 418 No\r\nContent-Length: " + error.length() + "\r\n\r\n" + error);
        assertThatThrownBy(() -> client().call("GET", "/", null))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INTERNAL))
                .hasMessage("It melted.");
    }

    private ControlClient client() {
        return new ControlClient(cacheDir, Duration.ofSeconds(30));
    }

    private void answer(String text) {
        CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
            try (SocketChannel channel = server.accept()) {
                channel.read(ByteBuffer.allocate(4096));
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                // The client shows it.
            }
        });
        assertThat(unused).isNotNull();
    }
}
