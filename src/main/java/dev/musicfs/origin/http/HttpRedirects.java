package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.RedirectPolicy;
import dev.musicfs.origin.wire.Response;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Follows at most five redirects, but none from https to http.
 *
 * <p>To another host only if that is allowed, and even then to no address that is nearer than the one that redirects: a
 * server of the internet must not make us ask one of this network, or of this machine.
 *
 * @param origin what failures call the origin
 * @param hosts to which redirects may lead, besides the origin's own; {@code *} for all
 */
record HttpRedirects(String origin, Set<String> hosts) implements RedirectPolicy {
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
        if (!to.host().equalsIgnoreCase(url.host()) && !isAllowed(to.host())) {
            throw new MusicFsException(
                    FailureKind.REJECTED,
                    origin + " redirects from " + url.server() + " to another host, " + to.server()
                            + "; redirect_hosts can allow that");
        }
        return Optional.of(to);
    }

    private boolean isAllowed(String host) {
        return hosts.stream()
                .anyMatch(each -> each.equals("*")
                        || each.equalsIgnoreCase(host)
                        || (each.startsWith("*.")
                                && host.toLowerCase(Locale.ROOT)
                                        .endsWith(each.substring(1).toLowerCase(Locale.ROOT))));
    }

    /** Whether a file's bytes may come from there although the answer does not say that they are that file's. */
    boolean isNamed(HttpUrl to) {
        return isAllowed(to.host());
    }

    @Override
    public void check(HttpUrl to, InetAddress address, InetAddress from) {
        if (nearness(address) > nearness(from)) {
            throw new MusicFsException(
                    FailureKind.REJECTED,
                    origin + " redirects to " + to.server() + ", which is an address of this machine or network");
        }
    }

    /** 3 this machine, 2 its link, 1 a private network, 0 the internet. */
    private static int nearness(InetAddress address) {
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return 3;
        }
        if (address.isLinkLocalAddress()) {
            return 2;
        }
        byte[] bytes = address.getAddress();
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xFE) == 0xFC;
        boolean carrier = bytes.length == 4 && (bytes[0] & 0xFF) == 100 && (bytes[1] & 0xC0) == 64;
        return address.isSiteLocalAddress() || uniqueLocal || carrier || address.isMulticastAddress() ? 1 : 0;
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
