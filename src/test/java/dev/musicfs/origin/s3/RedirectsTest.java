package dev.musicfs.origin.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.OriginSettings;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.Response;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RedirectsTest {
    @Test
    void goesToTheRegionThatAmazonNames() {
        Location there = Redirects.otherRegion(at("s3://b"), moved("x-amz-bucket-region", "eu-west-3", ""))
                .orElseThrow();

        assertThat(there.region()).isEqualTo("eu-west-3");
        assertThat(there.url("k").server()).isEqualTo("https://b.s3.eu-west-3.amazonaws.com");
        assertThat(Redirects.otherRegion(there, moved("x-amz-bucket-region", "eu-west-3", "")))
                .isEmpty();
        assertThat(Redirects.otherRegion(
                        at("s3://b"), moved("x-any", "", "<Error><Code>x</Code><Region>eu-2</Region></Error>")))
                .map(Location::region)
                .contains("eu-2");
    }

    @Test
    void staysWhereItWasToldToBeAndIsNotLuredAway() {
        assertThat(Redirects.otherRegion(at("s3://b?endpoint=http://h"), moved("x-amz-bucket-region", "eu-west-3", "")))
                .isEmpty();
        assertThat(Redirects.otherRegion(at("s3://b"), moved("x-amz-bucket-region", "x.evil.org/", "")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "s3://b, https://b.s3-eu-west-3.amazonaws.com/k, b.s3-eu-west-3.amazonaws.com",
        "s3://b, http://b.s3-eu-west-3.amazonaws.com/k, ",
        "s3://b, https://evil.org/k, ",
        "s3://b, https://evilamazonaws.com/k, ",
        "s3://b?endpoint=http://h:1, http://h:2/b/k, h",
        "s3://b?endpoint=http://h:1, https://node.h/b/k, node.h",
        "s3://b?endpoint=http://h:1, http://portal/login, ",
        "s3://b?endpoint=http://h:1, /relative, ",
        "s3://b?endpoint=http://h:1, not a url, "
    })
    void followsATemporaryRedirectOnlyInsideTheStore(String url, String to, String host) {
        Location location = at(url);

        assertThat(Redirects.temporary(location, location.url("k"), moved("Location", to, ""))
                        .map(HttpUrl::host))
                .isEqualTo(Optional.ofNullable(host));
    }

    private static Location at(String url) {
        return Location.of(new OriginSettings(Map.of("url", url)));
    }

    private static Response moved(String header, String value, String body) {
        return new Response(
                at("s3://b").url("k"), 307, MultiMap.caseInsensitiveMultiMap().set(header, value), Buffer.buffer(body));
    }
}
