package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.RedirectPolicy;
import dev.musicfs.origin.wire.Response;
import java.util.Optional;
import java.util.Set;

/**
 * Follows at most five redirects, but none from https to http.
 *
 * @param origin what failures call the origin
 */
record HttpRedirects(String origin) implements RedirectPolicy {
    private static final int MOST = 5;
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    @Override
    public Optional<HttpUrl> next(HttpUrl url, Response response, int followed) {
        if (!STATUSES.contains(response.status())) {
            return Optional.empty();
        }
        HttpUrl to = target(url, response);
        if (followed == MOST) {
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    origin + " redirects more than " + MOST + " times, at last from " + url + " to " + to
                            + "; it goes round in a circle or the url of the origin is wrong");
        }
        if (url.ssl() && !to.ssl()) {
            throw new MusicFsException(
                    FailureKind.REJECTED,
                    origin + " redirects from https to http, which is not followed: " + url + " to " + to);
        }
        return Optional.of(to);
    }

    private HttpUrl target(HttpUrl url, Response response) {
        String location = response.header("Location");
        try {
            if (location.isEmpty()) {
                throw new IllegalArgumentException("it does not say where to");
            }
            return url.redirect(location);
        } catch (IllegalArgumentException e) {
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    origin + " redirects " + url + " to nowhere (" + response.status() + "): " + e.getMessage(),
                    e);
        }
    }
}
