package dev.musicfs.origin.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.head;
import static com.github.tomakehurst.wiremock.client.WireMock.request;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static dev.musicfs.testkit.Outcomes.await;
import static dev.musicfs.testkit.Outcomes.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers answer to PROPFIND, whole and odd. */
class WebDavListingTest extends StubbedServerFixture {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "<html/>",
                "<multistatus xmlns=\"DAV:\">",
                "<multistatus xmlns=\"DAV:\"></multistatus>",
                "<multistatus xmlns=\"other\"></multistatus>",
                "<multistatus xmlns=\"DAV:\"><response/></multistatus>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><multistatus xmlns=\"DAV:\">"
                        + "<response><href>/m/&e;</href></response></multistatus>",
                "<multistatus xmlns=\"DAV:\"><response><href>/m/</href><propstat><prop><resourcetype><collection/>"
                        + "</resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response>"
                        + "<response><href>/m/../etc/x</href></response></multistatus>",
                "<multistatus xmlns=\"DAV:\"><response><href>/m/</href><propstat><prop><resourcetype><collection/>"
                        + "</resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response>"
                        + "<response><href>/m/%2e%2e</href></response></multistatus>",
                "<multistatus xmlns=\"DAV:\"><response><href>/m/</href><propstat><prop><resourcetype><collection/>"
                        + "</resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response>"
                        + "<response><href>/m/x</href><status>HTTP/1.1 507 Insufficient Storage</status></response>"
                        + "</multistatus>"
            })
    void refusesListingsThatAreGarbageOrNotWhole(String body) {
        rootIs(aResponse().withStatus(207).withBody(body));

        assertThat(failure(origin.list(RealPath.ROOT)).kind()).isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void refusesAListingOfElementsInElementsWithoutEnd() {
        rootIs(webdav("<response><href>/m/</href><propstat><prop><resourcetype><collection/></resourcetype></prop>"
                + "<status>HTTP/1.1 200 OK</status></propstat></response>" + "<x>".repeat(1_000)
                + "</x>".repeat(1_000)));

        assertThat(failure(origin.list(RealPath.ROOT)).kind()).isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void listsADirectoryOfThousands() {
        StringBuilder below = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            below.append("<response><href>/m/")
                    .append(i)
                    .append("/</href><propstat><prop><resourcetype><collection/>"
                            + "</resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response>");
        }
        rootIs(webdav("<response><href>/m/</href><propstat><prop><resourcetype><collection/></resourcetype></prop>"
                + "<status>HTTP/1.1 200 OK</status></propstat></response>" + below));

        assertThat(await(origin.list(RealPath.ROOT))).hasSize(5_000);
    }

    @Test
    void asksForTheSizeThatAListingDoesNotSay() {
        rootIs(webdav("<response><href>" + server.baseUrl() + "/m/</href><propstat><prop><resourcetype><collection/>"
                + "</resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response>"
                + "<response><href>/m/a%2Eflac</href></response>"
                + "<response><href>/m/gone</href><status>HTTP/1.1 404 Not Found</status></response>"));
        server.stubFor(head(urlPathEqualTo("/m/a.flac"))
                .willReturn(aResponse().withHeader("Content-Length", "10").withHeader("ETag", "W/\"v1\"")));

        assertThat(await(origin.list(RealPath.ROOT)))
                .containsExactly(new OriginEntry(FILE, false, new FileVersion(10, 0, "W/\"v1\""), 0));
    }

    /** An entry that the server will not tell of costs itself alone. */
    @Test
    void aMemberThatFailsIsUnknownAndTheRestIsListed() {
        rootIs(webdav(ROOT.formatted("/m/") + SONG.formatted("/m/")
                + "<response><href>/m/b.flac</href><status>HTTP/1.1 403 Forbidden</status></response>"
                + "<response><href>/m/c.flac</href><status>HTTP/1.1 500 Internal Server Error</status></response>"
                + "<response><href>/m/d.flac</href></response>"));
        server.stubFor(head(urlPathEqualTo("/m/d.flac")).willReturn(aResponse().withStatus(500)));

        List<OriginEntry> found = await(origin.list(RealPath.ROOT));
        assertThat(found)
                .extracting(entry -> entry.path().value())
                .containsExactly("a.flac", "b.flac", "c.flac", "d.flac");
        assertThat(found).filteredOn(OriginEntry::isFile).hasSize(1);

        server.stubFor(head(urlPathEqualTo("/m/d.flac")).willReturn(aResponse().withStatus(502)));
        assertThat(failure(origin.list(RealPath.ROOT)).kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void takesWebDavAsServersAndProxiesSendIt() {
        OriginEntry song = new OriginEntry(FILE, false, VERSION, 0);
        rootIs(aResponse()
                .withStatus(207)
                .withBody("\r\n<?xml version=\"1.0\"?><multistatus xmlns=\"DAV:\">" + ROOT.formatted("/m/")
                        + SONG.formatted("/m/") + "</multistatus>"));
        assertThat(await(origin.list(RealPath.ROOT))).containsExactly(song);
        // It does not tell of the directory itself.
        rootIs(webdav(SONG.formatted("/m/")));
        assertThat(await(origin.list(RealPath.ROOT))).containsExactly(song);
        rootIs(webdav(ROOT.formatted("/m/d/")));
        assertThat(await(origin.list(RealPath.ROOT)))
                .extracting(entry -> entry.path().value())
                .containsExactly("d");
        // A proxy took the prefix away.
        rootIs(webdav(ROOT.formatted("/") + SONG.formatted("/")));
        assertThat(await(origin.list(RealPath.ROOT))).containsExactly(song);
        server.stubFor(request("PROPFIND", urlPathEqualTo("/m/d/")).willReturn(webdav(ROOT.formatted("/e/"))));
        assertThat(failure(origin.list(new RealPath("d")))).hasMessageContaining("a proxy in between");
    }

    @Test
    void listsNoMoreThanIsAllowed() {
        Origin small = origin(Map.of("listing", "webdav", "max_entries", 1, "max_depth", 1));
        rootIs(webdav(ROOT.formatted("/m/") + SONG.formatted("/m/") + SONG.formatted("/m/b")));
        assertThat(failure(small.list(RealPath.ROOT))).satisfies(e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.INVALID);
            assertThat(e).hasMessageContaining("more than 1 entries");
        });
        assertThat(failure(small.list(new RealPath("d/d")))).hasMessageContaining("more than 1 deep");
    }

    /** One name that cannot be a file's, or lies elsewhere, costs itself alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/m/..%2fetc",
                "/m/%2e%2e/",
                "/m/../../etc/passwd.mp3",
                "/m/%2e%2e",
                "/m/.",
                "/m/a%00b.mp3",
                "/m/x/y.mp3",
                "/m//",
                "/other/q.mp3",
                "http://elsewhere.invalid/q.mp3"
            })
    void whatHasNoNameBelowTheDirectoryIsUnknownAndTheRestIsListed(String stray) {
        for (String self : List.of(ROOT.formatted("/m/"), "")) {
            rootIs(webdav(self + ROOT.formatted(stray) + SONG.formatted("/m/") + ROOT.formatted("/m/d/")));

            List<OriginEntry> found = await(origin.list(RealPath.ROOT));
            assertThat(found)
                    .filteredOn(entry -> entry.unknown().isEmpty())
                    .extracting(entry -> entry.path().value())
                    .containsExactly("a.flac", "d");
            assertThat(found)
                    .filteredOn(entry -> entry.unknown().isPresent())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.path().parent()).isEqualTo(RealPath.ROOT));
        }
    }

    /** Of which there is no saying whether it is a directory that went empty or the answer for another one. */
    @Test
    void anAnswerInWhichNothingLiesBelowTheDirectoryIsNoEmptyDirectory() {
        rootIs(webdav(ROOT.formatted("/m/") + SONG.formatted("/other/")));

        assertThat(failure(origin.list(RealPath.ROOT)))
                .hasMessageContaining("tells of /other/a.flac, which does not lie directly below it");
    }
}
