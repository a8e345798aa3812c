package dev.musicfs.origin.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.OriginSettings;
import dev.musicfs.origin.wire.BodyLimit;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.Request;
import dev.musicfs.testkit.ManualClock;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SignatureTest {
    private static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    private static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    // The examples of Amazon's "Signature Calculations for the Authorization Header".
    @Test
    void theCheckKnowsAmazonsOwnExamples() {
        assertThat(check("/test.txt", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41", true))
                .isTrue();
        assertThat(check(
                        "/?max-keys=2&prefix=J",
                        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
                        false))
                .isTrue();
        assertThat(check("/test.tx", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41", true))
                .isFalse();
    }

    @Test
    void everyNameIsSignedAsItIsSent() {
        for (String key : new String[] {
            "a.flac", "with space+plus%25.flac", "\u6771\u4eac/\uD83C\uDFB5 (1)*'!~;=&,:@$.flac", "a/b/\u00e9"
        }) {
            Location location = Location.of(
                    new OriginSettings(Map.of("url", "s3://bucket", "endpoint", "https://s3.example.org:8443")));
            Map<String, String> query = new TreeMap<>(Map.of("prefix", key, "list-type", "2", "empty", ""));
            HttpUrl url = location.url(key).withQuery(location.url(query).query());
            Request get = Request.get(url, Map.of("Range", "bytes=0-9"), any -> BodyLimit.start(0));
            Credentials credentials = new Credentials(ACCESS_KEY, SECRET_KEY, Optional.of("a/session=token"));

            MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                    .addAll(new Signer(new ManualClock()).sign(get, "eu-west-3", credentials));

            assertThat(headers.get("x-amz-security-token")).isEqualTo("a/session=token");
            headers.set("Host", "s3.example.org:8443");
            String uri = url.target();
            assertThat(SignatureCheck.passes("GET", uri, headers, ACCESS_KEY, SECRET_KEY, "eu-west-3"))
                    .as(key)
                    .isTrue();
            assertThat(Keys.decode(Keys.encode(key, true), true)).isEqualTo(key);
        }
    }

    @Test
    void aHostWithAnUnderscoreIsSignedByItsName() {
        Location location =
                Location.of(new OriginSettings(Map.of("url", "s3://bucket", "endpoint", "http://stack_minio_1:9000")));
        HttpUrl url = location.url(new TreeMap<>(Map.of("prefix", "a b", "list-type", "2")));

        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .addAll(new Signer(new ManualClock())
                        .sign(
                                Request.get(url, Map.of(), any -> BodyLimit.start(0)),
                                "us-east-1",
                                new Credentials(ACCESS_KEY, SECRET_KEY, Optional.empty())));

        headers.set("Host", "stack_minio_1:9000");
        assertThat(SignatureCheck.passes("GET", url.target(), headers, ACCESS_KEY, SECRET_KEY, "us-east-1"))
                .isTrue();
    }

    private static boolean check(String uri, String signature, boolean range) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .set("Host", "examplebucket.s3.amazonaws.com")
                .set("x-amz-content-sha256", EMPTY)
                .set("x-amz-date", "20130524T000000Z")
                .set(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=" + ACCESS_KEY
                                + "/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;" + (range ? "range;" : "")
                                + "x-amz-content-sha256;x-amz-date,Signature=" + signature);
        if (range) {
            headers.set("Range", "bytes=0-9");
        }
        return SignatureCheck.passes("GET", uri, headers, ACCESS_KEY, SECRET_KEY, "us-east-1");
    }
}
