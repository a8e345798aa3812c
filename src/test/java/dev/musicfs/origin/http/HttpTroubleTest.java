package dev.musicfs.origin.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static dev.musicfs.testkit.Outcomes.await;
import static dev.musicfs.testkit.Outcomes.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.musicfs.config.Secret;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.ServerUrl;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.testkit.Deadlines;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that answer, but not what they should. */
class HttpTroubleTest extends StubbedServerFixture {
    private static final ByteRange RANGE = new ByteRange(2, 3);
    private static final String LOGIN =
            "<html><head><title>Log in</title></head><body><a href=\"a.flac\">x</a></body></html>";

    @TempDir
    private Path temp;

    private void fileIs(ResponseDefinitionBuilder answer) {
        server.stubFor(get(urlPathEqualTo("/m/a.flac")).willReturn(answer));
    }

    private static ResponseDefinitionBuilder partial(String range, String body) {
        return aResponse()
                .withStatus(206)
                .withHeader("Content-Range", range)
                .withHeader("ETag", "\"v1\"")
                .withBody(body);
    }

    private Future<Buffer> read() {
        return origin.read(FILE, VERSION, RANGE, Deadlines.generous());
    }

    @ParameterizedTest
    @CsvSource({
        "400, UNAVAILABLE", "401, REJECTED", "403, REJECTED", "404, NOT_FOUND", "410, NOT_FOUND", "412, STALE",
        "416, CORRUPT", "429, UNAVAILABLE", "500, UNAVAILABLE", "502, UNAVAILABLE", "503, UNAVAILABLE",
                "204, UNAVAILABLE"
    })
    void readOfAStatusThatIsNoSuccessFailsWithItsKind(int status, FailureKind kind) {
        fileIs(aResponse().withStatus(status).withBody(status == 204 ? "" : "sorry"));

        assertThat(failure(read()).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "401, REJECTED",
        "403, REJECTED",
        "404, UNAVAILABLE",
        "405, UNAVAILABLE",
        "429, UNAVAILABLE",
        "500, UNAVAILABLE",
        "503, UNAVAILABLE",
        "200, CORRUPT"
    })
    void listingOfARootThatRefusesIsAFailureAndNeverEmpty(int status, FailureKind kind) {
        rootIs(aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "text/html")
                .withBody(LOGIN));

        assertThat(failure(origin.list(RealPath.ROOT)).kind()).isEqualTo(kind);
        assertThat(failure(origin.probe(Deadlines.generous())).kind()).isEqualTo(kind);
    }

    @Test
    void saysHowLongAServerWantsToBeLeftAlone() {
        fileIs(aResponse().withStatus(429).withHeader("Retry-After", "120"));

        assertThat(failure(read())).hasMessageContaining("429").hasMessageContaining("Retry-After) 120");
    }

    @Test
    void takesRefusedRangeOfASmallerFileForAnotherVersion() {
        fileIs(aResponse().withStatus(416).withHeader("Content-Range", "bytes */4"));

        assertThat(failure(read()).kind()).isEqualTo(FailureKind.STALE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytes 0-2/10", "bytes 2-9/10", "bytes 2-3/10", "bytes 4-2/10", "items 2-4/10", "", "bytes */10"
            })
    void refusesARangeThatIsNotTheOneAskedFor(String range) {
        fileIs(partial(range, "234"));

        assertThat(failure(read()).kind()).isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void refusesBodiesThatAreNotAsLongAsTheirRange() {
        fileIs(partial("bytes 2-4/10", "23"));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.CORRUPT);
        fileIs(partial("bytes 2-4/10", "2345"));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.CORRUPT);
        fileIs(partial("bytes 2-4/10", "234"));
        assertThat(await(read()).toString()).isEqualTo("234");
    }

    @Test
    void takesABodyThatBreaksOffForABrokenConnection() {
        fileIs(partial("bytes 2-4/10", "234").withFault(com.github.tomakehurst.wiremock.http.Fault.EMPTY_RESPONSE));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.UNAVAILABLE);
        fileIs(partial("bytes 2-4/10", "234")
                .withFault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER));
        assertThat(failure(read())).satisfies(e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(e).hasCauseInstanceOf(IOException.class);
        });
        fileIs(partial("bytes 2-4/10", "234"));
        assertThat(await(read()).toString()).isEqualTo("234");
    }

    @Test
    void refusesEncodedBytesAndOtherVersions() {
        fileIs(partial("bytes 2-4/10", "234").withHeader("Content-Encoding", "gzip"));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.CORRUPT);
        fileIs(partial("bytes 2-4/11", "234"));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.STALE);
        fileIs(aResponse()
                .withStatus(206)
                .withHeader("Content-Range", "bytes 2-4/10")
                .withHeader("ETag", "\"v2\"")
                .withBody("234"));
        assertThat(failure(read()).kind()).isEqualTo(FailureKind.STALE);
        server.verify(getRequestedFor(urlPathEqualTo("/m/a.flac"))
                .withHeader("If-Match", com.github.tomakehurst.wiremock.client.WireMock.equalTo("\"v1\""))
                .withHeader("Accept-Encoding", com.github.tomakehurst.wiremock.client.WireMock.equalTo("identity")));
    }

    @Test
    void refusesALoginPageInPlaceOfAFile() {
        fileIs(aResponse().withStatus(302).withHeader("Location", "/login"));
        server.stubFor(any(urlPathEqualTo("/login"))
                .willReturn(aResponse().withHeader("Content-Type", "text/html").withBody(LOGIN)));

        assertThat(failure(read()).kind()).isEqualTo(FailureKind.REJECTED);
        Origin pages = origin(Map.of("listing", "index"));
        server.stubFor(any(urlPathEqualTo("/m/a.flac"))
                .willReturn(aResponse().withHeader("Content-Type", "text/html").withBody(LOGIN)));
        assertThat(failure(pages.stat(FILE, Deadlines.generous())).kind()).isEqualTo(FailureKind.REJECTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"webdav", "index", "auto"})
    void takesNoPageForADirectoryThatIsNone(String listing) {
        Origin asked = origin(Map.of("listing", listing));
        for (String page : List.of(
                LOGIN,
                "<html><title>Index of /other/</title><a href=\"a.flac\">a</a></html>",
                "<html><title>Index of /m/</title><a href=\"a.flac\">a</a>",
                "",
                "{}")) {
            server.stubFor(any(anyUrl())
                    .willReturn(
                            aResponse().withHeader("Content-Type", "text/html").withBody(page)));
            assertThat(failure(asked.list(RealPath.ROOT)).kind()).as(page).isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void endsARedirectionInACircleWithAClearSentence() {
        fileIs(aResponse().withStatus(302).withHeader("Location", "/m/b"));
        server.stubFor(get(urlPathEqualTo("/m/b"))
                .willReturn(aResponse().withStatus(302).withHeader("Location", "a.flac")));

        assertThat(failure(read())).satisfies(e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(e).hasMessageContaining("more than 5 times").hasMessageContaining("circle");
        });
        server.verify(6, getRequestedFor(com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching("/m/.*")));
    }

    @Test
    void sendsCredentialsToItsOwnServerAndToNoOther() throws IOException {
        Path secret = Files.createFile(
                temp.resolve("token"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, "t0ken\n");
        WireMockServer other = new WireMockServer(
                WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());
        other.start();
        try {
            other.stubFor(any(anyUrl()).willReturn(partial("bytes 2-4/10", "234")));
            fileIs(aResponse().withStatus(307).withHeader("Location", other.baseUrl() + "/x?sig=1"));
            Origin secretive = origin(Map.of("token", new Secret(Secret.Source.FILE, secret.toString())));

            assertThat(await(secretive.read(FILE, VERSION, RANGE, Deadlines.generous()))
                            .toString())
                    .isEqualTo("234");

            server.verify(getRequestedFor(urlPathEqualTo("/m/a.flac"))
                    .withHeader(
                            "Authorization", com.github.tomakehurst.wiremock.client.WireMock.equalTo("Bearer t0ken")));
            other.verify(getRequestedFor(urlPathEqualTo("/x")).withoutHeader("Authorization"));
        } finally {
            other.stop();
        }
    }

    /** A server that was not configured must not be made the source of a file by one that was. */
    @Test
    void takesNoBytesOfAnotherServerThatDoesNotVouchForThem() {
        WireMockServer other = new WireMockServer(
                WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());
        other.start();
        try {
            other.stubFor(any(anyUrl())
                    .willReturn(aResponse()
                            .withStatus(206)
                            .withHeader("Content-Range", "bytes 2-4/10")
                            .withBody("xyz")));
            fileIs(aResponse().withStatus(302).withHeader("Location", other.baseUrl() + "/x"));

            assertThat(failure(read())).satisfies(e -> {
                assertThat(e.kind()).isEqualTo(FailureKind.REJECTED);
                assertThat(e).hasMessageContaining("redirect_hosts");
            });
            Origin trusting = origin(Map.of("redirect_hosts", "cdn.example, localhost"));
            assertThat(await(trusting.read(FILE, VERSION, RANGE, Deadlines.generous()))
                            .toString())
                    .isEqualTo("xyz");
            other.verify(getRequestedFor(urlPathEqualTo("/x")).withoutHeader("If-Match"));
        } finally {
            other.stop();
        }
    }

    @Test
    void followsRedirectsToOtherHostsOnlyAsAllowed() throws Exception {
        fileIs(aResponse().withStatus(302).withHeader("Location", "http://cdn.example/x"));
        assertThat(failure(read())).hasMessageContaining("to another host, http://cdn.example");

        HttpRedirects all = new HttpRedirects("Origin web", java.util.Set.of("*"));
        HttpUrl to = HttpUrl.of(ServerUrl.parse("http://x.example/"));
        InetAddress internet = InetAddress.getByName("192.0.2.1");
        for (String near :
                List.of("127.0.0.1", "::1", "169.254.169.254", "10.0.0.1", "192.168.1.1", "fd00::1", "0.0.0.0")) {
            InetAddress address = InetAddress.getByName(near);
            assertThatThrownBy(() -> all.check(to, address, internet)).hasMessageContaining("this machine or network");
            all.check(to, address, address);
            all.check(to, internet, address);
        }
    }

    @Test
    void answersADigestAndSaysWhatIsWantedOtherwise() throws IOException {
        Path secret = Files.createFile(
                temp.resolve("password"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, "s3cret");
        Origin known = origin(Map.of("user", "me", "password", new Secret(Secret.Source.FILE, secret.toString())));
        server.stubFor(get(urlPathEqualTo("/m/a.flac"))
                .willReturn(aResponse()
                        .withStatus(401)
                        .withHeader("WWW-Authenticate", "Digest realm=\"nas\", nonce=\"n1\", qop=\"auth\"")));
        server.stubFor(get(urlPathEqualTo("/m/a.flac"))
                .withHeader("Authorization", com.github.tomakehurst.wiremock.client.WireMock.containing("Digest "))
                .willReturn(partial("bytes 2-4/10", "234")));

        assertThat(await(known.read(FILE, VERSION, RANGE, Deadlines.generous())).toString())
                .isEqualTo("234");
        fileIs(aResponse().withStatus(401).withHeader("WWW-Authenticate", "Negotiate"));
        assertThat(failure(read())).hasMessageContaining("the server wants Negotiate");
    }

    @Test
    void refusesToStartWithoutItsSecret() {
        Origin without = TestingHttpOrigin.of(
                vertx,
                server.baseUrl() + "/m/",
                Map.of(
                        "token",
                        new Secret(Secret.Source.FILE, temp.resolve("absent").toString())),
                Duration.ofSeconds(20),
                2);

        assertThat(failure(without.start()).kind()).isEqualTo(FailureKind.REJECTED);
    }
}
