package dev.musicfs.origin.s3;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.BlockingCalls;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.LazySecret;
import dev.musicfs.origin.wire.Request;
import dev.musicfs.origin.wire.Response;
import dev.musicfs.origin.wire.WireClient;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/** Where the objects of one origin are, and the client that signs what is sent there. For any thread. */
final class Bucket {
    // Amazon closes after about 20 s.
    private static final int IDLE_SECONDS = 15;
    private static final int MOST_REDIRECTS = 3;

    private final LazySecret<Optional<Credentials>> credentials;
    private final Signer signer;
    private final WireClient client;
    private volatile Location location;

    Bucket(OriginConfig config, BackendContext context, BlockingCalls calls, Map<String, String> environment) {
        this.location = Location.of(config.settings());
        this.credentials = new LazySecret<>(calls, () -> Credentials.readBlocking(config.settings(), environment));
        this.signer = new Signer(context.clock());
        this.client = new WireClient(config, context, IDLE_SECONDS, this::signed, this::redirected);
    }

    /** The credentials, read if they were not yet. */
    Future<Void> prepare() {
        return credentials.get().mapEmpty();
    }

    Location location() {
        return location;
    }

    WireClient client() {
        return client;
    }

    private Future<Map<String, String>> signed(Request request) {
        return credentials
                .get()
                .map(known -> known.isEmpty() ? Map.of() : signer.sign(request, location.region(), known.get()));
    }

    private Optional<HttpUrl> redirected(HttpUrl url, Response response, int followed) {
        if (response.status() / 100 != 3) {
            return Optional.empty();
        }
        if (followed < MOST_REDIRECTS) {
            Optional<Location> moved = Redirects.otherRegion(location, response);
            if (moved.isPresent()) {
                location = moved.get();
                return Optional.of(url.at(location.url("")));
            }
            Optional<HttpUrl> elsewhere = Redirects.temporary(location, url, response);
            if (elsewhere.isPresent()) {
                return elsewhere;
            }
        }
        throw Redirects.refused(client.name(), url, response, followed);
    }
}
