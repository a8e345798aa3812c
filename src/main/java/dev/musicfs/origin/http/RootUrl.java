package dev.musicfs.origin.http;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.Percent;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The configured URL.
 *
 * @param url of the directory that is the origin's root, its path ending with a slash
 */
record RootUrl(HttpUrl url) {
    /** Those of WebDAV are others' names for HTTP. */
    static final Set<String> SCHEMES = Set.of("http", "https", "webdav", "webdavs", "dav", "davs");

    static RootUrl of(String text) {
        HttpUrl parsed = HttpUrl.of(URI.create(text.replaceFirst("^(?i:web)?(?i:dav)(?=s?:)", "http")));
        return new RootUrl(parsed.path().endsWith("/") ? parsed : parsed.withPath(parsed.path() + "/"));
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

    /** A file or directory of the origin. */
    HttpUrl child(RealPath child, boolean directory) {
        return url.withPath(
                url.path() + Percent.encode(child.toBytes(), Percent.PATH) + (directory && !child.isRoot() ? "/" : ""));
    }

    /** Whether what is secret for this server may be sent there as well. */
    boolean trusts(HttpUrl other) {
        return url.host().equalsIgnoreCase(other.host())
                && (url.ssl() == other.ssl()
                        ? url.port() == other.port()
                        : other.ssl() && url.port() == 80 && other.port() == 443);
    }
}
