package dev.musicfs.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The servers serve and the faults are what they are called: else the other tests would prove nothing. */
@ExtendWith(LabExtension.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KitChaosTest {
    private static final int LONG = 30_000;
    private static final int SHORT = 2_000;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void everyServerGreetsOverItsProxyUnlessThatIsDown(Protocol protocol, Lab lab) throws Exception {
        try (Proxied way = lab.wayTo(protocol)) {
            assertThat(greeting(protocol, way.port())).startsWith(protocol == Protocol.SFTP ? "SSH-2.0-" : "HTTP/1.1");
            way.ail(Fault.DOWN);
            assertThatThrownBy(() -> greeting(protocol, way.port())).isInstanceOf(ConnectException.class);
            way.heal();
            assertThat(greeting(protocol, way.port())).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFaultIsWhatItIsCalled(Fault fault, Lab lab) throws Exception {
        Library library = Library.of(lab, "Kit", 1);
        byte[] original = Files.readAllBytes(library.original(library.shown().get(0)));
        try (Proxied way = lab.wayTo(Protocol.HTTP)) {
            way.ail(fault);
            switch (fault) {
                case LATENCY, BANDWIDTH, BLACKHOLE ->
                    assertThatThrownBy(() -> get(way)).isInstanceOf(HttpTimeoutException.class);
                case RESET_PEER, LIMIT_DATA ->
                    assertThatThrownBy(() -> get(way))
                            .isInstanceOf(IOException.class)
                            .isNotInstanceOfAny(HttpTimeoutException.class, ConnectException.class);
                case DOWN -> assertThatThrownBy(() -> get(way)).isInstanceOf(ConnectException.class);
                case JITTER, SLOW_CLOSE, SLICER, DOWN_AND_UP ->
                    assertThat(get(way)).isEqualTo(original);
            }
            way.heal();
            assertThat(get(way)).isEqualTo(original);
        }
    }

    @Test
    void aFrozenServerIsSilentUntilItIsThawed(Lab lab) throws Exception {
        lab.ssh().freeze();
        try {
            assertThatThrownBy(() -> greeting(Protocol.SFTP, lab.ssh().port(), SHORT))
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        } finally {
            lab.ssh().thaw();
        }
        assertThat(greeting(Protocol.SFTP, lab.ssh().port())).startsWith("SSH-2.0-");
    }

    @Test
    void theConfigurationForDockerHasAProxyForEveryProtocol() throws IOException {
        JsonArray proxies = new JsonArray(Files.readString(Path.of("toxiproxy", "toxiproxy.json")));
        assertThat(proxies.stream().map(JsonObject.class::cast).map(proxy -> proxy.getString("name")))
                .containsExactlyInAnyOrder(Arrays.stream(Protocol.values())
                        .map(each -> each.name().toLowerCase(Locale.ROOT))
                        .toArray(String[]::new));
    }

    private byte[] get(Proxied way) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + way.port() + "/Kit/001.flac"))
                .timeout(Duration.ofSeconds(4))
                .build();
        // The timeout of a request ends with its headers; a body of a slow one has to be given up on here.
        java.util.concurrent.CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            return answer.get(6, java.util.concurrent.TimeUnit.SECONDS).body();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new AssertionError(e);
        } catch (java.util.concurrent.TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("no end of the body");
        }
    }

    private static String greeting(Protocol protocol, int port) throws IOException {
        return greeting(protocol, port, LONG);
    }

    private static String greeting(Protocol protocol, int port, int patienceMillis) throws IOException {
        try (java.net.Socket socket = new java.net.Socket()) {
            socket.connect(
                    new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port), patienceMillis);
            socket.setSoTimeout(patienceMillis);
            if (protocol != Protocol.SFTP) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
            byte[] bytes = new byte[200];
            int read = socket.getInputStream().read(bytes);
            return new String(bytes, 0, Math.max(0, read), java.nio.charset.StandardCharsets.US_ASCII);
        }
    }
}
