package dev.musicfs.origin.wire;

import java.net.InetAddress;
import java.util.Optional;

/** Which redirects of a server are followed. */
@FunctionalInterface
public interface RedirectPolicy {
    /**
     * Where a request is sent instead; empty when the response is no redirect.
     *
     * @param url of the request that has this response
     * @param followed how many redirects came before this one
     * @throws dev.musicfs.failure.MusicFsException for a redirect that is not followed
     */
    Optional<HttpUrl> next(HttpUrl url, Response response, int followed);

    /**
     * Whether a redirect may lead to this address of another host.
     *
     * @param from the address of the host that redirects
     * @throws dev.musicfs.failure.MusicFsException if not
     */
    default void check(HttpUrl to, InetAddress address, InetAddress from) {}
}
