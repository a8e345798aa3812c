package dev.musicfs.origin.wire;

import dev.musicfs.model.ServerUrl;
import java.net.URI;

/**
 * Where a request goes. It holds no user name or password, and its text not what its query says, so it can be shown.
 *
 * @param ssl whether over TLS
 * @param host a name or address, an IPv6 one without brackets, perhaps with a zone
 * @param port never missing
 * @param path percent-encoded, with its leading slash
 * @param query percent-encoded, without the question mark, empty for none
 */
public record HttpUrl(boolean ssl, String host, int port, String path, String query) {
    /**
     * From a URL with a host.
     *
     * @throws IllegalArgumentException for any scheme but {@code http} and {@code https}
     */
    public static HttpUrl of(ServerUrl url) {
        boolean ssl = url.scheme().equals("https");
        if (!ssl && !url.scheme().equals("http")) {
            throw new IllegalArgumentException("not a URL of a web server");
        }
        return new HttpUrl(
                ssl,
                url.host(),
                url.port() == ServerUrl.NO_PORT ? ssl ? 443 : 80 : url.port(),
                url.path().isEmpty() ? "/" : url.path(),
                url.query().orElse(""));
    }

    /**
     * Where a {@code Location} header leads.
     *
     * @throws IllegalArgumentException when it leads to no web server
     */
    public HttpUrl redirect(String location) {
        return of(ServerUrl.parse(
                URI.create(server() + target()).resolve(Percent.tidy(location)).toString()));
    }

    /** The same server with another path and no query. */
    public HttpUrl withPath(String other) {
        return new HttpUrl(ssl, host, port, other, "");
    }

    /** The same with another query. */
    public HttpUrl withQuery(String other) {
        return new HttpUrl(ssl, host, port, path, other);
    }

    /** Whether it is of the same server: scheme, host and port. */
    public boolean isAt(HttpUrl other) {
        return ssl == other.ssl && port == other.port && host.equalsIgnoreCase(other.host);
    }

    /** The same path and query on another server. */
    public HttpUrl at(HttpUrl server) {
        return new HttpUrl(server.ssl, server.host, server.port, path, query);
    }

    /** What the path says, as {@link dev.musicfs.model.RealPath} keeps names. */
    public String decodedPath() {
        return Percent.decode(path);
    }

    /** Path and query, as a request line has them. */
    public String target() {
        return query.isEmpty() ? path : path + "?" + query;
    }

    /** The host as a request names it: an IPv6 address in brackets, without its zone, which means nothing elsewhere. */
    public String bracketedHost() {
        return ServerUrl.inUrl(host.contains(":") ? host.replaceFirst("%.*", "") : host);
    }

    /** Scheme, host and, unless it is the scheme's own, port. */
    public String server() {
        return (ssl ? "https://" : "http://") + ServerUrl.inUrl(host) + (port == (ssl ? 443 : 80) ? "" : ":" + port);
    }

    @Override
    public String toString() {
        return server() + path + (query.isEmpty() ? "" : "?...");
    }
}
