package dev.musicfs.origin.s3;

import dev.musicfs.failure.WallClock;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.Request;
import dev.musicfs.runtime.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Signature Version 4 by Amazon's own library; requests never have a body. For any thread. */
@WallClock("dates a signature, as the server wants it")
final class Signer {
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final Clock clock;

    Signer(Clock clock) {
        this.clock = clock;
    }

    /** The headers that sign a request; {@code Host} is not among them. */
    Map<String, String> sign(Request request, String region, Credentials credentials) {
        HttpUrl url = request.url();
        SdkHttpRequest.Builder unsigned = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method().name()))
                .protocol(url.ssl() ? "https" : "http")
                .host(url.bracketedHost())
                .port(url.port())
                .encodedPath(url.path());
        for (String pair : url.query().isEmpty() ? new String[0] : url.query().split("&", -1)) {
            int equals = pair.indexOf('=');
            unsigned.appendRawQueryParameter(
                    decoded(equals < 0 ? pair : pair.substring(0, equals)),
                    equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        request.headers().forEach(unsigned::putHeader);
        SignRequest<AwsCredentialsIdentity> question = SignRequest.builder(identity(credentials))
                .request(unsigned.build())
                .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                .putProperty(HttpSigner.SIGNING_CLOCK, java.time.Clock.fixed(now(), ZoneOffset.UTC))
                .build();
        Map<String, String> headers = new HashMap<>();
        signer.sign(question).request().headers().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Host")) {
                headers.put(name, String.join(",", values));
            }
        });
        return headers;
    }

    private static String decoded(String text) {
        return Keys.decode(text, false);
    }

    private Instant now() {
        return Instant.EPOCH.plusNanos(clock.wallNanos());
    }

    private static AwsCredentialsIdentity identity(Credentials credentials) {
        return credentials
                .sessionToken()
                .<AwsCredentialsIdentity>map(token ->
                        AwsSessionCredentialsIdentity.create(credentials.accessKey(), credentials.secretKey(), token))
                .orElseGet(() -> AwsCredentialsIdentity.create(credentials.accessKey(), credentials.secretKey()));
    }
}
