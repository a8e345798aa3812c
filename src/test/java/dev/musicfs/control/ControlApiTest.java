package dev.musicfs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.control.api.ClearResult;
import dev.musicfs.control.api.PinResult;
import dev.musicfs.control.api.Pins;
import dev.musicfs.control.api.VerifyResult;
import dev.musicfs.control.client.ControlClient;
import dev.musicfs.control.client.RemoteCache;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.ControlServer;
import dev.musicfs.testkit.TestingCacheControl;
import dev.musicfs.testkit.TestingCacheControl.Verification;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ControlApiTest {
    @TempDir
    private Path cacheDir;

    private ControlServer server;
    private TestingCacheControl cache;
    private RemoteCache remote;

    @BeforeEach
    void serve() {
        server = new ControlServer(cacheDir, ControlServer.LIMITS);
        cache = server.cache;
        remote = new RemoteCache(new ControlClient(cacheDir, Duration.ofSeconds(30)));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void answersWithTheDocumentedJson() throws Exception {
        assertThat(json(request("GET", "/v1/cache", "")))
                .isEqualTo(
                        new JsonObject(
                                """
                                {"state":"evicting","chunks":12345,"usedBytes":9985798963,"limitBytes":10737418240,
                                "tagsBytes":125829120,"pinnedBytes":1288490188,"reads":100,"puts":101,"duplicates":102,
                                "evictions":103,"corruptions":104,"failures":105,"hitRatio":0.982,"fetchedBytes":3221225472}
                                """));
        assertThat(json(request("POST", "/v1/cache/pin", "{\"path\":\"A/B\"}")))
                .isEqualTo(new JsonObject("{\"path\":\"A/B\",\"files\":12}"));
        assertThat(json(request("DELETE", "/v1/cache/pin", "{\"path\":\"A/C\"}")))
                .isEqualTo(new JsonObject("{\"path\":\"A/C\",\"files\":12}"));
        assertThat(cache.calls).containsExactly("pin A/B", "unpin A/C");
        assertThat(json(request("GET", "/v1/cache/pins", "")))
                .isEqualTo(new JsonObject("{\"files\":3,\"paths\":[\"A/B/1.flac\",\"A/B/2.flac\"]}"));
        cache.verified = Future.succeededFuture(new VerifyResult(9, 1, 2, false, List.of("A chunk is damaged.")));
        assertThat(request("POST", "/v1/cache/verify?repair=true", ""))
                .contains("application/x-ndjson")
                .contains(
                        "{\"result\":{\"checked\":9,\"corrected\":1,\"uncorrected\":2,\"cancelled\":false,\"problems\":[\"A chunk is damaged.\"]}}\n");
        assertThat(request("POST", "/v1/cache/clear?pinned=true", ""))
                .contains("{\"result\":{\"chunks\":7,\"bytes\":7340032}}\n");
        assertThat(cache.calls).contains("clear true");
    }

    @Test
    void theClientReadsWhatTheServerSays() {
        assertThat(remote.statsBlocking()).isEqualTo(TestingCacheControl.STATS);
        assertThat(remote.pinBlocking("Björk/Début")).isEqualTo(new PinResult("Björk/Début", 12));
        assertThat(remote.unpinBlocking("a\"b\n")).isEqualTo(new PinResult("a\"b\n", 12));
        assertThat(remote.pinsBlocking()).isEqualTo(new Pins(3, List.of("A/B/1.flac", "A/B/2.flac")));
        assertThat(remote.clearBlocking(false)).isEqualTo(new ClearResult(7, 7 << 20));
        assertThat(cache.calls).containsExactly("pin Björk/Début", "unpin a\"b\n", "clear false");
    }

    @Test
    void tellsHowFarLongWorkIsAndThenItsResult() throws Exception {
        BlockingQueue<String> steps = new LinkedBlockingQueue<>();
        CompletableFuture<VerifyResult> verified = CompletableFuture.supplyAsync(
                () -> remote.verifyBlocking(true, () -> false, (done, of) -> steps.add(done + "/" + of)));
        Verification running = started();
        assertThat(running.repair()).isTrue();

        running.progress().reached(3, 8);
        awaitStep(steps, "3/8");
        running.progress().reached(8, 8);
        awaitStep(steps, "8/8");
        VerifyResult result = new VerifyResult(8, 0, 0, false, List.of());
        running.result().complete(result);
        assertThat(verified.get(30, TimeUnit.SECONDS)).isEqualTo(result);
    }

    @Test
    void aFailureInTheMiddleOfLongWorkKeepsItsKind() throws Exception {
        BlockingQueue<String> steps = new LinkedBlockingQueue<>();
        CompletableFuture<FailureKind> kind = CompletableFuture.supplyAsync(() -> {
            try {
                remote.verifyBlocking(false, () -> false, (done, of) -> steps.add("step"));
                return FailureKind.INTERNAL;
            } catch (MusicFsException e) {
                return e.kind();
            }
        });
        Verification running = started();
        awaitStep(steps, "step");
        running.result().fail(new MusicFsException(FailureKind.NO_SPACE, "The disk is full."));
        assertThat(kind.get(30, TimeUnit.SECONDS)).isEqualTo(FailureKind.NO_SPACE);
    }

    @Test
    void doesOnePieceOfLongWorkAtATime() throws Exception {
        CompletableFuture<VerifyResult> first =
                CompletableFuture.supplyAsync(() -> remote.verifyBlocking(false, () -> false, (done, of) -> {}));
        Verification running = started();

        assertThat(request("POST", "/v1/cache/verify", "")).startsWith("HTTP/1.1 409 ");
        assertThat(request("POST", "/v1/cache/clear", "")).startsWith("HTTP/1.1 409 ");
        assertThatThrownBy(() -> remote.clearBlocking(false)).hasMessageContaining("try again when that is done");
        assertThat(remote.statsBlocking()).isEqualTo(TestingCacheControl.STATS);
        assertThat(cache.calls).isEmpty();
        assertThat(cache.verifications).isEmpty();

        running.result().complete(new VerifyResult(1, 0, 0, false, List.of()));
        first.get(30, TimeUnit.SECONDS);
        assertThat(remote.clearBlocking(false)).isEqualTo(new ClearResult(7, 7 << 20));
    }

    @Test
    void cancelsLongWorkWhoseClientIsGone() throws Exception {
        RawClient client = new RawClient(cacheDir).send(head("POST", "/v1/cache/verify", 0));
        Verification running = started();
        assertThat(running.cancelled().getAsBoolean()).isFalse();
        client.close();
        assertThat(Polling.until(running.cancelled(), Duration.ofMillis(5), Deadline.in(Duration.ofSeconds(30))))
                .isTrue();
        assertThat(request("POST", "/v1/cache/verify", ""))
                .as("until it has really ended")
                .startsWith("HTTP/1.1 409 ");
    }

    @Test
    void theClientGivesUpWhenItIsCancelled() throws Exception {
        VerifyResult result = remote.verifyBlocking(false, () -> true, (done, of) -> {});
        assertThat(result.cancelled()).isTrue();
        Verification running = started();
        assertThat(Polling.until(running.cancelled(), Duration.ofMillis(5), Deadline.in(Duration.ofSeconds(30))))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void everyFailureArrivesAsWhatItIs(FailureKind kind) {
        cache.stats = Future.failedFuture(new MusicFsException(kind, "It is " + kind + "."));
        assertThatThrownBy(() -> remote.statsBlocking())
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessage("It is " + kind + ".");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/v1/cache/nothing||404|NOT_FOUND",
                "PUT|/v1/cache||405|INVALID",
                "GET|/v1/cache/verify||405|INVALID",
                "POST|/v1/cache/verify?repair=perhaps||400|INVALID",
                "POST|/v1/cache/pin||400|INVALID",
                "POST|/v1/cache/pin|{\"path\":5}|400|INVALID",
                "POST|/v1/cache/pin|{\"path\":|400|INVALID",
                "POST|/v1/cache/pin|[1]|400|INVALID",
                "GET|/%%%||404|NOT_FOUND"
            })
    void answersARequestThatDoesNotFitWithAReason(String method, String target, String body, int status, String kind)
            throws Exception {
        String answer = request(method, target, body == null ? "" : body);
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        JsonObject error = json(answer).getJsonObject("error");
        assertThat(error.fieldNames()).containsExactlyInAnyOrder("kind", "message");
        assertThat(error.getString("kind")).isEqualTo(kind);
        assertThat(remote.statsBlocking()).as("served all the same").isEqualTo(TestingCacheControl.STATS);
    }

    @Test
    void namesTheMethodsAPathTakes() throws Exception {
        assertThat(request("GET", "/v1/cache/pin", "")).containsIgnoringCase("allow: POST, DELETE");
    }

    @Test
    void answersWhatIsNoHttp() throws Exception {
        try (RawClient client = new RawClient(cacheDir)) {
            assertThat(client.send("NONSENSE\r\n\r\n").rest())
                    .containsPattern("^HTTP/1\\.[01] 400 ")
                    .contains("\"kind\":\"INVALID\"");
        }
        try (RawClient client = new RawClient(cacheDir)) {
            assertThat(client.send("GET /v1/cache HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n")
                            .rest())
                    .containsPattern("^HTTP/1\\.[01] 400 ");
        }
    }

    @Test
    void takesABodyUpToItsBoundAndNoLarger() throws Exception {
        int room = ControlServer.LIMITS.bodyBytes() - "{\"path\":\"\"}".length();
        assertThat(request("POST", "/v1/cache/pin", "{\"path\":\"" + "x".repeat(room) + "\"}"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(request("POST", "/v1/cache/pin", "{\"path\":\"" + "x".repeat(room + 1) + "\"}"))
                .startsWith("HTTP/1.1 413 ");
        assertThat(cache.calls).hasSize(1);
    }

    @Test
    void refusesAnEndlessBodyWhileItComes() throws Exception {
        try (RawClient client = new RawClient(cacheDir)) {
            client.send("POST /v1/cache/pin HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("10001\r\n" + "x".repeat(0x10001) + "\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 413 ");
        }
    }

    private Verification started() throws InterruptedException {
        Verification verification = cache.verifications.poll(30, TimeUnit.SECONDS);
        assertThat(verification).isNotNull();
        return verification;
    }

    private static void awaitStep(BlockingQueue<String> steps, String wanted) throws InterruptedException {
        String step = steps.poll(30, TimeUnit.SECONDS);
        while (step != null && !step.equals(wanted)) {
            step = steps.poll(30, TimeUnit.SECONDS);
        }
        assertThat(step).isEqualTo(wanted);
    }

    private String request(String method, String target, String body) throws Exception {
        try (RawClient client = new RawClient(cacheDir)) {
            return client.send(head(method, target, body.length()) + body).rest();
        }
    }

    private static String head(String method, String target, int length) {
        return method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + length
                + "\r\n\r\n";
    }

    private static JsonObject json(String answer) {
        return new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }
}
