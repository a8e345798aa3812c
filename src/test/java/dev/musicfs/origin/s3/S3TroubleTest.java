package dev.musicfs.origin.s3;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static dev.musicfs.testkit.Outcomes.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingNames;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers answer on bad days, said by WireMock. */
final class S3TroubleTest {
    private static final RealPath SONG = new RealPath("a.flac");
    private static final FileVersion VERSION = new FileVersion(10, 0, "tag");
    private static final ByteRange RANGE = new ByteRange(2, 4);
    private static final String PAGE_START = "<?xml version=\"1.0\"?><ListBucketResult>";
    private static final String LAST = "<IsTruncated>false</IsTruncated>";
    private static final String ENTRY = "<Contents><Key>a.flac</Key><LastModified>2026-01-01T00:00:00.000Z"
            + "</LastModified><ETag>\"tag\"</ETag><Size>10</Size></Contents>";

    private final Vertx vertx = TestingVertx.start();
    private final WireMockServer server =
            new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));
    private S3Origin origin;

    @BeforeEach
    void start() {
        server.start();
        origin = origin("http://127.0.0.1:" + server.port(), Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() throws Exception {
        succeeded(origin.stop());
        succeeded(vertx.close());
        server.stop();
    }

    private S3Origin origin(String endpoint, Duration timeout) {
        OriginConfig config = OriginConfig.of(
                new OriginId("store"),
                new S3Backend().type(),
                new OriginSettings(Map.of("url", "s3://music", "endpoint", endpoint)));
        return new S3Origin(
                new OriginConfig(
                        config.id(), config.type(), config.settings(), 1, true, config.pollInterval(), timeout, 4, 0),
                new BackendContext(
                        vertx,
                        ExecutorPools.workers(vertx, "store", "Origin store", 2, 1_000),
                        TestingNames.LITERAL,
                        Clock.system()),
                Map.of("AWS_ACCESS_KEY_ID", "access", "AWS_SECRET_ACCESS_KEY", "secret"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, RequestTimeout, UNAVAILABLE",
        "400, ExpiredToken, REJECTED",
        "401, AccessDenied, REJECTED",
        "403, AccessDenied, REJECTED",
        "404, NoSuchKey, NOT_FOUND",
        "404, NoSuchBucket, UNAVAILABLE",
        "404, , UNAVAILABLE",
        "412, PreconditionFailed, STALE",
        "416, InvalidRange, STALE",
        "429, , UNAVAILABLE",
        "500, InternalError, UNAVAILABLE",
        "503, SlowDown, UNAVAILABLE"
    })
    void readsFailByStatusAndCode(int status, String code, FailureKind kind) {
        answer(error(status, code));

        assertThat(failure(read()).kind()).isEqualTo(kind);
        assertThat(origin.requestsUnderWay()).isZero();
        assertThat(origin.openConnections()).as("the connection is kept").isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"401, REJECTED", "403, REJECTED", "404, UNAVAILABLE", "429, UNAVAILABLE", "500, UNAVAILABLE"})
    void whatIsNoWordOfS3NeverMakesAFileAbsent(int status, FailureKind kind) {
        answer(aResponse().withStatus(status).withBody("<html>a proxy in between</html>"));

        assertThat(failure(read()).kind()).isEqualTo(kind);
        assertThat(failure(origin.stat(SONG, Deadlines.generous())).kind()).isEqualTo(kind);
        assertThat(failure(origin.list(RealPath.ROOT)).kind()).isEqualTo(kind);
        assertThat(failure(origin.list(SONG)).kind()).isEqualTo(kind);
        assertThat(failure(origin.probe(Deadlines.generous())).kind()).isEqualTo(kind);
        assertThat(failure(origin.start()).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NoSuchKey", "NoSuchBucket"})
    void aListingIsNeverNotFoundByItsStatus(String code) {
        answer(error(404, code));

        assertThat(failure(origin.list(new RealPath("d"))).kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void saysHowLongABusyServerWantsToBeLeftAlone() {
        answer(aResponse().withStatus(429).withHeader("Retry-After", "17"));

        assertThat(failure(read())).hasMessageContaining("asks to wait 17 s");
    }

    @Test
    void saysWhatToDoAboutAWrongClock() {
        answer(error(403, "RequestTimeTooSkewed"));

        assertThat(failure(read()).kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(failure(read())).hasMessageContaining("set this machine's clock");
    }

    @Test
    void saysWhichRegionToSet() {
        answer(aResponse()
                .withStatus(400)
                .withBody("<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-1</Region></Error>"));

        assertThat(failure(read())).hasMessageContaining("set region to eu-1");
    }

    @Test
    void takesARangeOnlyAsItWasAskedFor() throws Exception {
        answer(range("bytes 2-5/10", "2345"));
        assertThat(succeeded(read()).toString()).isEqualTo("2345");

        answer(range("bytes 1-4/10", "1234"));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.CORRUPT);
        answer(range("bytes 2-4/10", "234"));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.CORRUPT);
        answer(range("bytes 2-5/10", "23"));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.CORRUPT);
        answer(range("bytes 2-5/10", "234567"));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.CORRUPT);
        answer(aResponse().withStatus(206).withBody("2345"));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.CORRUPT);
        answer(aResponse().withStatus(204));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.CORRUPT);
        assertThat(origin.requestsUnderWay()).isZero();
    }

    @Test
    void isStaleWhenTagOrLengthIsAnother() {
        answer(range("bytes 2-5/11", "2345"));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.STALE);
        answer(range("bytes 2-5/10", "2345").withHeader("ETag", "\"another\""));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.STALE);
        answer(range("bytes 2-5/10", "2345").withHeader("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT"));
        assertThat(failure(origin.read(SONG, new FileVersion(10, 1, ""), RANGE, Deadlines.generous()))
                        .kind())
                .isEqualTo(FailureKind.STALE);
    }

    @Test
    void readsNoMoreThanItNeedsOfAServerThatKnowsNoRanges() throws Exception {
        int size = 64 << 20;
        byte[] whole = new byte[1 << 20];
        whole[5] = 5;
        // What it has not sent yet after the first mebibyte it will never send in this test's time.
        answer(aResponse()
                .withStatus(200)
                .withHeader("ETag", "\"tag\"")
                .withHeader("Content-Length", Integer.toString(size))
                .withBody(whole));
        FileVersion large = new FileVersion(size, 0, "tag");

        Buffer read = succeeded(origin.read(SONG, large, new ByteRange(4, 3), Deadlines.generous()));

        assertThat(read.getBytes()).containsExactly(0, 5, 0);
        assertThat(failure(origin.read(SONG, large, new ByteRange(size - 1, 1), Deadlines.generous()))
                        .kind())
                .isEqualTo(FailureKind.REJECTED);
        assertThat(failure(origin.read(SONG, VERSION, RANGE, Deadlines.generous()))
                        .kind())
                .isEqualTo(FailureKind.STALE);
        untilConnections(0);
    }

    @Test
    void aPageOfSomebodyElseIsNoFile() {
        answer(aResponse().withStatus(200).withBody("<html>please sign in</html>"));

        assertThat(failure(read()).kind()).isEqualTo(FailureKind.CORRUPT);
        assertThat(failure(origin.stat(SONG, Deadlines.generous())).kind()).isEqualTo(FailureKind.CORRUPT);
        assertThat(failure(origin.list(RealPath.ROOT)).kind()).isEqualTo(FailureKind.CORRUPT);
        assertThat(failure(origin.probe(Deadlines.generous())).kind()).isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void aBodyThatEndsTooEarlyIsNotTaken() throws Exception {
        answer(range("bytes 2-5/10", "23").withHeader("Content-Length", "4"));
        S3Origin patient = origin;

        assertThat(failure(patient.read(SONG, VERSION, RANGE, Deadline.in(Duration.ofSeconds(2))))
                        .kind())
                .isIn(FailureKind.UNAVAILABLE, FailureKind.TIMEOUT);
        untilConnections(0);
        for (Fault fault : Fault.values()) {
            answer(aResponse().withFault(fault));
            // That one comes as status 200 without a word about an object.
            boolean stranger = fault == Fault.MALFORMED_RESPONSE_CHUNK;
            assertThat(failure(read()).kind())
                    .as(fault.name())
                    .isEqualTo(stranger ? FailureKind.CORRUPT : FailureKind.UNAVAILABLE);
        }
        healthyAfterwards();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                PAGE_START + LAST + ENTRY,
                PAGE_START + LAST + ENTRY + "</ListBucketRes",
                PAGE_START + ENTRY + "</ListBucketResult>",
                PAGE_START + "<IsTruncated>true</IsTruncated>" + ENTRY + "</ListBucketResult>",
                PAGE_START + LAST + "<Contents><Key>a.flac</Key></Contents></ListBucketResult>",
                PAGE_START + LAST + "<Contents><Key>a/b.flac</Key><Size>1</Size></Contents></ListBucketResult>",
                "<Error><Code>InternalError</Code></Error>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + PAGE_START + LAST + "&e;"
                        + "</ListBucketResult>",
                PAGE_START + LAST + "</ListBucketResult>and more"
            })
    void aListingThatIsNotWholeIsCorruptAndNeverShort(String page) {
        answer(aResponse().withBody(page));

        assertThat(failure(origin.list(RealPath.ROOT)).kind()).isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void aListingWithoutEndIsGivenUp() {
        answer(aResponse()
                .withBody(PAGE_START + "<IsTruncated>true</IsTruncated><NextContinuationToken>again"
                        + "</NextContinuationToken>" + ENTRY + "</ListBucketResult>"));

        assertThat(failure(origin.list(RealPath.ROOT)).kind()).isEqualTo(FailureKind.CORRUPT);
        server.verify(2, anyRequestedFor(anyUrl()));
    }

    @Test
    void aRedirectWithoutEndIsGivenUpSoon() {
        server.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(307)
                        .withHeader("Location", "http://127.0.0.1:" + server.port() + "/music/again")));

        assertThat(failure(read()).kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(failure(read())).hasMessageContaining("set endpoint");
        server.verify(8, anyRequestedFor(anyUrl()));
    }

    @Test
    void followsATemporaryRedirectAndNoOther() throws Exception {
        answer(range("bytes 2-5/10", "2345"));
        server.stubFor(get(urlPathEqualTo("/music/a.flac"))
                .willReturn(aResponse()
                        .withStatus(307)
                        .withHeader("Location", "http://127.0.0.1:" + server.port() + "/other/a.flac")));
        assertThat(succeeded(read()).toString()).isEqualTo("2345");

        server.stubFor(get(urlPathEqualTo("/music/a.flac"))
                .willReturn(aResponse()
                        .withStatus(301)
                        .withHeader("x-amz-bucket-region", "eu-west-3")
                        .withHeader("Location", "http://127.0.0.1:" + server.port() + "/other/a.flac")));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.REJECTED);
        assertThat(failure(read())).hasMessageContaining("set region to eu-west-3");
    }

    @Test
    void aTricklingBodyIsCutAtTheDeadlineAndThePoolStaysHealthy() throws Exception {
        answer(range("bytes 2-5/10", "2345").withChunkedDribbleDelay(4, 60_000));

        for (int i = 0; i < 6; i++) {
            MusicFsException failure = failure(origin.read(SONG, VERSION, RANGE, Deadline.in(Duration.ofMillis(300))));
            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        }
        untilConnections(0);
        assertThat(origin.requestsUnderWay()).isZero();
        healthyAfterwards();
    }

    @Test
    void aTricklingPageIsCutAtTheTimeoutOfOneRequest() throws Exception {
        S3Origin impatient = origin("http://127.0.0.1:" + server.port(), Duration.ofMillis(300));
        answer(aResponse()
                .withBody(PAGE_START + LAST + ENTRY + "</ListBucketResult>")
                .withChunkedDribbleDelay(4, 60_000));

        assertThat(failure(impatient.list(RealPath.ROOT)).kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(impatient.requestsUnderWay()).isZero();
        succeeded(impatient.stop());
    }

    @Test
    void whoWaitsForAConnectionWaitsNoLongerThanItsDeadline() throws Exception {
        answer(range("bytes 2-5/10", "2345").withFixedDelay(60_000));
        List<Future<Buffer>> first = Stream.generate(this::read).limit(4).toList();
        untilConnections(4);

        Future<Buffer> fifth = origin.read(SONG, VERSION, RANGE, Deadline.in(Duration.ofMillis(300)));

        assertThat(failure(fifth).kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(origin.openConnections()).isEqualTo(4);
        assertThat(origin.requestsUnderWay()).isEqualTo(4);
        succeeded(origin.stop());
        first.forEach(each -> assertThat(failure(each).kind()).isEqualTo(FailureKind.UNAVAILABLE));
        untilConnections(0);
        assertThat(origin.requestsUnderWay()).isZero();
    }

    @Test
    @Resilience("3.2")
    void aConnectionThatDiedInThePoolIsReplacedWithoutAnybodyNoticing() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer dying = succeeded(vertx.createHttpServer()
                .requestHandler(request -> {
                    // Every second request finds its connection dead.
                    if (requests.incrementAndGet() % 2 == 0) {
                        request.connection().close();
                    } else {
                        request.response()
                                .setStatusCode(206)
                                .putHeader("Content-Range", "bytes 2-5/10")
                                .end("2345");
                    }
                })
                .listen(0, "127.0.0.1"));
        S3Origin asked = origin("http://127.0.0.1:" + dying.actualPort(), Duration.ofSeconds(20));

        for (int i = 0; i < 10; i++) {
            assertThat(succeeded(asked.read(SONG, VERSION, RANGE, Deadlines.generous()))
                            .toString())
                    .isEqualTo("2345");
        }
        assertThat(requests).hasValue(19);
        succeeded(asked.stop());
    }

    @Test
    void aDeadlineThatIsOverCostsNoRequest() {
        assertThat(failure(origin.read(SONG, VERSION, RANGE, Deadline.in(Duration.ZERO)))
                        .kind())
                .isEqualTo(FailureKind.TIMEOUT);
        server.verify(0, anyRequestedFor(anyUrl()));
    }

    @Test
    void aServerThatIsNotThereIsUnavailableForTheReasonTheSystemGives() {
        server.stop();

        MusicFsException failure = failure(read());

        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure).hasCauseInstanceOf(java.net.ConnectException.class);
    }

    private void healthyAfterwards() throws Exception {
        answer(range("bytes 2-5/10", "2345"));
        for (int i = 0; i < 10; i++) {
            assertThat(succeeded(read()).toString()).isEqualTo("2345");
        }
        assertThat(origin.openConnections()).isEqualTo(1);
    }

    private void untilConnections(int count) {
        assertThat(Polling.until(() -> origin.openConnections() == count, Duration.ofMillis(5), Deadlines.generous()))
                .as(count + " connections")
                .isTrue();
    }

    private Future<Buffer> read() {
        return origin.read(SONG, VERSION, RANGE, Deadlines.generous());
    }

    private void answer(ResponseDefinitionBuilder answer) {
        server.resetAll();
        server.stubFor(any(anyUrl()).willReturn(answer));
    }

    private static ResponseDefinitionBuilder range(String contentRange, String body) {
        return aResponse()
                .withStatus(206)
                .withHeader("Content-Range", contentRange)
                .withBody(body);
    }

    private static ResponseDefinitionBuilder error(int status, String code) {
        return aResponse()
                .withStatus(status)
                .withBody(code == null ? "" : "<Error><Code>" + code + "</Code><Message>no</Message></Error>");
    }

    private static <T> T succeeded(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
