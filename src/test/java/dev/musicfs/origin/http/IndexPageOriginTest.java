package dev.musicfs.origin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.RealPath;
import dev.musicfs.testkit.TestingWebServer;
import org.junit.jupiter.api.Test;

final class IndexPageOriginTest extends WebServerContract {
    IndexPageOriginTest() {
        super(TestingWebServer.Style.INDEX);
    }

    @Test
    void asksEachFileOfAPageForItsSizeButNoDirectory() {
        for (int i = 0; i < 50; i++) {
            put("d/" + i + ".flac", new byte[i]);
        }
        put("d/sub/x.flac", bytes("x"));
        await(origin().list(new RealPath("d")));
        server().requests().clear();

        assertThat(await(origin().list(new RealPath("d")))).hasSize(51).allSatisfy(entry -> assertThat(
                        entry.version().sizeBytes())
                .isEqualTo(
                        entry.directory()
                                ? 0
                                : Integer.parseInt(entry.path().name().replace(".flac", ""))));
        assertThat(server().requests()).hasSize(51).contains("GET /music%20files/d/");
    }
}
