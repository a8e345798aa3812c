package dev.musicfs.origin.s3;

import dev.musicfs.failure.WallClock;
import dev.musicfs.runtime.Clock;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** The headers to send: those given and, with credentials, those that sign it. {@code Host} is not among them. */
    MultiMap headers(
            HttpMethod method,
            Target target,
            Map<String, String> query,
            Map<String, String> headers,
            String region,
            Optional<Credentials> credentials) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap().addAll(headers);
        if (credentials.isEmpty()) {
            return all;
        }
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(method.name()))
                .protocol(target.ssl() ? "https" : "http")
                .host(target.host())
                .port(target.port())
                .encodedPath(target.path());
        query.forEach(request::putRawQueryParameter);
        headers.forEach(request::putHeader);
        SignRequest<AwsCredentialsIdentity> unsigned = SignRequest.builder(identity(credentials.get()))
                .request(request.build())
                .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                .putProperty(HttpSigner.SIGNING_CLOCK, java.time.Clock.fixed(now(), ZoneOffset.UTC))
                .build();
        for (Map.Entry<String, List<String>> each :
                signer.sign(unsigned).request().headers().entrySet()) {
            if (!each.getKey().equalsIgnoreCase("Host")) {
                all.set(each.getKey(), each.getValue());
            }
        }
        return all;
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
