package dev.musicfs.origin.wire;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes. It holds no user name or password, so it can be shown.
 *
 * @param ssl whether over TLS
 * @param host a name or address, an IPv6 one without brackets
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
    public static HttpUrl of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        @Nullable String host = uri.getHost();
        if (host == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("not a URL of a web server");
        }
        boolean ssl = scheme.equals("https");
        String path = uri.getRawPath();
        return new HttpUrl(
                ssl,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                uri.getPort() > 0 ? uri.getPort() : ssl ? 443 : 80,
                path == null || path.isEmpty() ? "/" : path,
                uri.getRawQuery() == null ? "" : uri.getRawQuery());
    }

    /**
     * Where a {@code Location} header leads.
     *
     * @throws IllegalArgumentException when it leads to no web server
     */
    public HttpUrl redirect(String location) {
        return of(URI.create(toString()).resolve(Percent.tidy(location)));
    }

    /** The same server with another path and no query. */
    public HttpUrl withPath(String other) {
        return new HttpUrl(ssl, host, port, other, "");
    }

    /** The same with another query. */
    public HttpUrl withQuery(String other) {
        return new HttpUrl(ssl, host, port, path, other);
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

    /** The host as it stands in a URL, an IPv6 address in brackets. */
    public String bracketedHost() {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** Scheme, host and, unless it is the scheme's own, port. */
    public String server() {
        return (ssl ? "https://" : "http://") + bracketedHost() + (port == (ssl ? 443 : 80) ? "" : ":" + port);
    }

    @Override
    public String toString() {
        return server() + target();
    }
}
