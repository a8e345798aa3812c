package dev.musicfs.origin.s3;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Which redirects are followed: only those by which S3 says where the bucket is. */
final class Redirects {
    private static final int TEMPORARY = 307;

    private Redirects() {}

    /** Where the bucket is, if Amazon says that it is in another region than was thought. */
    static Optional<Location> otherRegion(Location location, Answer answer) {
        String region = ErrorBody.region(answer);
        if (region == null || !location.amazon() || region.equals(location.region())) {
            return Optional.empty();
        }
        try {
            return Optional.of(location.in(region));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Where this one request goes instead, as right after a bucket was made. Never from encrypted to clear, and never to
     * a stranger, such as the page on which a hotel wants its guests to sign in.
     */
    static Optional<Target> temporary(Location location, Target from, Answer answer) {
        String to = answer.header("Location");
        if (answer.status() != TEMPORARY || to == null) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(to);
            boolean ssl = "https".equals(uri.getScheme());
            if (uri.getHost() == null
                    || !(ssl || "http".equals(uri.getScheme()))
                    || (from.ssl() && !ssl)
                    || !belongs(uri.getHost(), location)) {
                return Optional.empty();
            }
            int port = uri.getPort() > 0 ? uri.getPort() : ssl ? 443 : 80;
            String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            return Optional.of(new Target(ssl, uri.getHost(), port, path));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean belongs(String host, Location location) {
        String own = location.endpoint().getHost();
        // s3.REGION.amazonaws.com: other regions have other names in the same domain.
        String domain = location.amazon() ? own.substring(own.indexOf(".amazonaws.") + 1) : own;
        return host.equals(domain) || host.endsWith("." + domain);
    }

    /** A sentence that says what to set. */
    static MusicFsException refused(String about, Target target, Answer answer, int followed) {
        String region = ErrorBody.region(answer);
        String to = answer.header("Location");
        String remedy = region != null
                ? "set region to " + region + " and endpoint to one of that region"
                : "set endpoint to the store itself" + (to == null ? "" : ", perhaps " + to);
        return new MusicFsException(
                FailureKind.REJECTED,
                about + ": " + target.endpoint() + " sends requests elsewhere (" + answer.status()
                        + (followed == 0 ? "" : ", after " + followed + " redirects") + "); " + remedy);
    }
}
