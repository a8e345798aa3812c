package dev.musicfs.origin.s3;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ServerUrl;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.Response;
import java.util.Optional;

/** Which redirects are followed: only those by which S3 says where the bucket is. */
final class Redirects {
    private static final int TEMPORARY = 307;

    private Redirects() {}

    /** Where the bucket is, if Amazon says that it is in another region than was thought. */
    static Optional<Location> otherRegion(Location location, Response response) {
        String region = ErrorBody.region(response);
        try {
            return region.isEmpty() || !location.amazon() || region.equals(location.region())
                    ? Optional.empty()
                    : Optional.of(location.in(region));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Where this one request goes instead, as right after a bucket was made. Never from encrypted to clear, and never to
     * a stranger, such as the page on which a hotel wants its guests to sign in.
     */
    static Optional<HttpUrl> temporary(Location location, HttpUrl from, Response response) {
        if (response.status() != TEMPORARY) {
            return Optional.empty();
        }
        try {
            HttpUrl to = HttpUrl.of(ServerUrl.parse(response.header("Location")));
            return (from.ssl() && !to.ssl()) || !belongs(to.host(), location)
                    ? Optional.empty()
                    : Optional.of(to.withQuery(from.query()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean belongs(String host, Location location) {
        String own = location.endpoint().host();
        // s3.REGION.amazonaws.com: other regions have other names in the same domain.
        String domain = location.amazon() ? own.substring(own.indexOf(".amazonaws.") + 1) : own;
        return host.equals(domain) || host.endsWith("." + domain);
    }

    /** A sentence that says what to set. */
    static MusicFsException refused(String origin, HttpUrl from, Response response, int followed) {
        String region = ErrorBody.region(response);
        String to = ServerUrl.redacted(response.header("Location"));
        String remedy = region.isEmpty()
                ? "set endpoint to the store itself" + (to.isEmpty() ? "" : ", perhaps " + to)
                : "set region to " + region + " and endpoint to one of that region";
        return new MusicFsException(
                FailureKind.REJECTED,
                origin + ": " + from.server() + " sends requests elsewhere (" + response.status()
                        + (followed == 0 ? "" : ", after " + followed + " redirects") + "); " + remedy);
    }
}
