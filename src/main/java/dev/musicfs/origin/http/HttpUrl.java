package dev.musicfs.origin.http;

import dev.musicfs.model.RealPath;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes. Whoever it is sent as is no part of it, so that it can be shown.
 *
 * @param ssl whether over TLS
 * @param host a name or address, an IPv6 one without brackets
 * @param port never missing
 * @param path percent-encoded, with its leading slash
 * @param query without the question mark, empty for none
 */
record HttpUrl(boolean ssl, String host, int port, String path, String query) {
    static final Set<String> SCHEMES = Set.of("http", "https", "webdav", "webdavs", "dav", "davs");

    /** The configured URL, its path ending with a slash. */
    static HttpUrl ofRoot(String url) {
        HttpUrl parsed = of(URI.create(url));
        return parsed.path.endsWith("/") ? parsed : parsed.withPath(parsed.path + "/");
    }

    /** What is wrong with a configured URL. */
    static Optional<String> problem(String url) {
        try {
            URI uri = new URI(url);
            String scheme = uri.getScheme();
            if (scheme == null || !SCHEMES.contains(scheme.toLowerCase(Locale.ROOT)) || uri.getHost() == null) {
                return Optional.of("url must begin with http:// or https:// and the name of a host");
            }
            if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
                return Optional.of("url must have neither a query nor a fragment");
            }
            if (uri.getRawUserInfo() != null && uri.getRawUserInfo().contains(":")) {
                return Optional.of("url must not have a password in it; use password_env, password_file or"
                        + " password_credential");
            }
            return Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.of("url is not a URL: " + e.getReason() + "; a space is written %20");
        }
    }

    /** The user a configured URL names. */
    static Optional<String> userOf(String url) {
        try {
            return Optional.ofNullable(new URI(url).getRawUserInfo()).map(Percent::decode);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static HttpUrl of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        @Nullable String host = uri.getHost();
        if (host == null || !SCHEMES.contains(scheme)) {
            throw new IllegalArgumentException("not a URL of a web server");
        }
        boolean ssl = scheme.endsWith("s");
        String path = uri.getRawPath();
        return new HttpUrl(
                ssl,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                uri.getPort() >= 0 ? uri.getPort() : ssl ? 443 : 80,
                path == null || path.isEmpty() ? "/" : path,
                uri.getRawQuery() == null ? "" : uri.getRawQuery());
    }

    /** A file or directory below this directory. */
    HttpUrl child(RealPath child, boolean directory) {
        return withPath(path + Percent.encode(child) + (directory && !child.isRoot() ? "/" : ""));
    }

    /**
     * Where a {@code Location} header leads.
     *
     * @throws IllegalArgumentException when it leads to no web server
     */
    HttpUrl redirect(String location) {
        return of(URI.create(toString()).resolve(Percent.tidy(location)));
    }

    /** Whether what is secret for the one may be sent to the other as well. */
    boolean trusts(HttpUrl other) {
        return host.equalsIgnoreCase(other.host)
                && (ssl == other.ssl ? port == other.port : other.ssl && port == 80 && other.port == 443);
    }

    /** What the path says, as {@link RealPath} keeps names. */
    String decodedPath() {
        return Percent.decode(path);
    }

    String target() {
        return query.isEmpty() ? path : path + "?" + query;
    }

    private HttpUrl withPath(String other) {
        return new HttpUrl(ssl, host, port, other, query);
    }

    @Override
    public String toString() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return (ssl ? "https://" : "http://") + name + (port == (ssl ? 443 : 80) ? "" : ":" + port) + target();
    }
}
