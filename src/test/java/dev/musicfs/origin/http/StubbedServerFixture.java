package dev.musicfs.origin.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.request;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static dev.musicfs.testkit.Outcomes.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An origin over a WebDAV server that answers what it is told, at first with an empty root. */
abstract class StubbedServerFixture {
    static final RealPath FILE = new RealPath("a.flac");
    static final FileVersion VERSION = new FileVersion(10, 0, "\"v1\"");
    static final String ROOT =
            "<response><href>%s</href><propstat><prop><resourcetype><collection/></resourcetype></prop>"
                    + "<status>HTTP/1.1 200 OK</status></propstat></response>";
    static final String SONG = "<response><href>%sa.flac</href><propstat><prop><getcontentlength>10</getcontentlength>"
            + "<getetag>\"v1\"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat></response>";

    final Vertx vertx = TestingVertx.start();
    final WireMockServer server = new WireMockServer(
            WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());
    Origin origin;

    @BeforeEach
    void start() {
        server.start();
        origin = origin(Map.of("listing", "webdav"));
        rootIs(webdav(ROOT.formatted("/m/")));
    }

    @AfterEach
    void stop() throws Exception {
        await(origin.stop());
        await(vertx.close());
        server.stop();
    }

    Origin origin(Map<String, Object> settings) {
        Origin made = TestingHttpOrigin.of(vertx, server.baseUrl() + "/m/", settings, Duration.ofSeconds(20), 2);
        await(made.start());
        return made;
    }

    void rootIs(ResponseDefinitionBuilder answer) {
        server.stubFor(request("PROPFIND", urlPathEqualTo("/m/")).willReturn(answer));
    }

    static ResponseDefinitionBuilder webdav(String responses) {
        return aResponse()
                .withStatus(207)
                .withHeader("Content-Type", "application/xml")
                .withBody("<multistatus xmlns=\"DAV:\">" + responses + "</multistatus>");
    }
}
