package dev.musicfs.origin.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.Secret;
import dev.musicfs.origin.OriginBackend;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3BackendTest {
    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(OriginBackend.class)).hasAtLeastOneElementOfType(S3Backend.class);
    }

    @ParameterizedTest
    @CsvSource({
        "s3://b, https://b.s3.us-east-1.amazonaws.com/k%201",
        "s3://b/p%20q/?region=eu-west-3, https://b.s3.eu-west-3.amazonaws.com/p%20q/k%201",
        "s3://b?region=cn-north-1, https://b.s3.cn-north-1.amazonaws.com.cn/k%201",
        "s3://b.c, https://s3.us-east-1.amazonaws.com/b.c/k%201",
        "s3://b?endpoint=http://h:7070, http://h:7070/b/k%201",
        "s3://b?endpoint=https%3A%2F%2Fh/s3/&path_style=true, https://h/s3/b/k%201",
        "s3://b/p?endpoint=http://h:7070&path_style=false, http://b.h:7070/p/k%201",
        "s3://b?endpoint=http://[::1]:7070, http://[::1]:7070/b/k%201",
        "s3://b?endpoint=http://stack_minio_1:9000, http://stack_minio_1:9000/b/k%201",
        "s3://b?endpoint=http://stack_minio_1&path_style=false, http://b.stack_minio_1/k%201",
        "s3://b?endpoint=http://[fe80::1%2525eth0]/, http://[fe80::1%25eth0]/b/k%201"
    })
    void findsTheAddressOfAnObject(String url, String address) {
        Location location = Location.of(settings(Map.of("url", url)));

        assertThat(location.url(location.key(new dev.musicfs.model.RealPath("k 1"))))
                .hasToString(address);
    }

    @Test
    void keysOfTheirOwnComeBeforeParametersOfTheUrl() {
        Location location = Location.of(settings(Map.of(
                "url", "s3://b?endpoint=http://h&region=r1&path_style=true",
                "endpoint", "http://i",
                "region", "r2",
                "path_style", false)));

        assertThat(location.region()).isEqualTo("r2");
        assertThat(location.url("k").server()).isEqualTo("http://b.i");
    }

    @ParameterizedTest
    @CsvSource({
        "s3:///p, url",
        "http://b/p, url",
        "s3://b:80/p, url",
        "s3://b@c/p, url",
        "s3://b/a b, url",
        "s3://b/../c, url",
        "s3://b/a//c, url",
        "s3://b/p#q, url",
        "s3://b?colour=red, url",
        "s3://b?endpoint=ftp://h, endpoint",
        "s3://b?endpoint=h:7070, endpoint",
        "s3://b?endpoint=http://u:p@h, endpoint",
        "s3://b?region=/../, region",
        "s3://b?path_style=yes, path_style"
    })
    void saysInOnePhraseWhatIsWrong(String url, String key) {
        assertThat(new S3Backend().type().problems(settings(Map.of("url", url))))
                .singleElement()
                .asString()
                .startsWith(key + " ");
    }

    @Test
    void keysComeInPairs() {
        Secret secret = new Secret(Secret.Source.ENV, "X");
        for (String lonely : List.of("access_key", "secret_key", "session_token")) {
            assertThat(new S3Backend().type().problems(settings(Map.of("url", "s3://b", lonely, secret))))
                    .singleElement()
                    .asString()
                    .startsWith(lonely + " ");
        }
        assertThat(new S3Backend()
                        .type()
                        .problems(settings(Map.of("url", "s3://b", "access_key", secret, "secret_key", secret))))
                .isEmpty();
    }

    private static OriginSettings settings(Map<String, Object> values) {
        return new OriginSettings(new HashMap<>(values));
    }
}
