package dev.musicfs.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUrlTest {
    @ParameterizedTest
    @CsvSource({
        "http://media_server:8080/music/, media_server, 8080",
        "http://me@my_nas/music/, my_nas, -1",
        "http://_x_/, _x_, -1",
        "http://nas./, nas., -1",
        "http://nas:/x, nas, -1",
        "http://127.0.0.1:1/, 127.0.0.1, 1",
        "HTTP://[::1]:65535/, ::1, 65535",
        "http://[fe80::1%25eth0]/, fe80::1%eth0, -1",
        "http://[fe80::1%eth0.7]:80/, fe80::1%eth0.7, 80",
        "http://m\u00fcsik.example/, xn--msik-0ra.example, -1"
    })
    void takesEveryNameAndAddressThatAServerHas(String text, String host, int port) {
        ServerUrl url = ServerUrl.parse(text);

        assertThat(url.scheme()).isEqualTo("http");
        assertThat(url.host()).isEqualTo(host);
        assertThat(url.port()).isEqualTo(port);
        assertThat(ServerUrl.parse(url.toString()).host()).isEqualTo(host);
    }

    @Test
    void takesTheRestAsItStands() {
        ServerUrl url = ServerUrl.parse("sftp://m%C3%A9@a_b/x%20y?q=1#f");

        assertThat(url.userInfo()).contains("m%C3%A9");
        assertThat(url.user()).contains("m\u00e9");
        assertThat(url.path()).isEqualTo("/x%20y");
        assertThat(url.query()).contains("q=1");
        assertThat(url.fragment()).contains("f");
        assertThat(url.hasPassword()).isFalse();
        assertThat(ServerUrl.parse("sftp://a:b@c").hasPassword()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "/S3CRET",
                "http:/S3CRET",
                "http:///S3CRET",
                "http://a b/S3CRET",
                "http://nas/S3CRET%",
                "http://nas:0/S3CRET",
                "http://nas:70000/S3CRET",
                "http://nas:99999999999/S3CRET",
                "http://na!s/S3CRET",
                "http://me:S3CR/ET@nas/",
                "http://me:S3CR@ET@nas/",
                "http://me:S3CRET@@nas/",
                "http://[::1/S3CRET",
                "http://[nas]/S3CRET"
            })
    void refusesWhatIsNoneAndRepeatsNothingOfIt(String text) {
        assertThatThrownBy(() -> ServerUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("S3CR", "ET@")
                .isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "https://me:S3CRET@nas/x, https://me:...@nas/x",
        "https://:S3CRET@nas/x, https://:...@nas/x",
        "https://me:S3CR/ET@nas/x, https://...",
        "https://me:S3CR@ET@nas/x, https://...",
        "https://me:S3CR?ET@nas/x, https://...",
        "https://me:S3CR#ET@nas/x, https://...",
        "https://me:S3CR:ET@nas/x, https://me:...@nas/x",
        "https://me:S3CR ET@nas/x, https://me:...@nas/x",
        "HTTPS://me:S3CRET@nas/x, HTTPS://me:...@nas/x",
        "https://nas/?token=S3CRET, https://nas/?...",
        "https://nas/?token=S3CR:E@T, https://...",
        "https://nas/#S3CRET, https://nas/?...",
        "s3://b?endpoint=http://u:S3CRET@h, s3://...",
        "https://me@nas:80/x, https://me@nas:80/x",
        "https://nas/a@b, https://nas/a@b",
        "/srv/a:b@c, /srv/a:b@c"
    })
    void showsNothingThatMayBeSecret(String text, String shown) {
        assertThat(ServerUrl.redacted(text)).isEqualTo(shown).doesNotContain("S3CR");
    }
}
