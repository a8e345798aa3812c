package dev.musicfs.origin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.RealPath;
import dev.musicfs.testkit.TestingWebServer;
import org.junit.jupiter.api.Test;

final class HttpOriginTest extends WebServerContract {
    HttpOriginTest() {
        super(TestingWebServer.Style.WEBDAV);
    }

    @Test
    void listsADirectoryWithOneRequest() {
        for (int i = 0; i < 500; i++) {
            put("d/" + i + ".flac", bytes("x"));
        }
        await(origin().list(new RealPath("d")));
        server().requests().clear();

        assertThat(await(origin().list(new RealPath("d")))).hasSize(500);
        assertThat(server().requests()).containsExactly("PROPFIND /music%20files/d/");
    }
}
