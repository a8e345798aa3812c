package dev.musicfs.origin.http;

import dev.musicfs.model.RealPath;
import dev.musicfs.model.ServerUrl;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.Percent;
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
        HttpUrl parsed = HttpUrl.of(ServerUrl.parse(text.replaceFirst("^(?i:web)?(?i:dav)(?=s?:)", "http")));
        return new RootUrl(parsed.path().endsWith("/") ? parsed : parsed.withPath(parsed.path() + "/"));
    }

    /** What is wrong with a configured URL. */
    static Optional<String> problem(String text) {
        ServerUrl url;
        try {
            url = ServerUrl.parse(text);
        } catch (IllegalArgumentException e) {
            return Optional.of("url must begin with http:// or https:// and the name of a host: " + e.getMessage()
                    + "; a space is written %20, and no password is in it");
        }
        if (!SCHEMES.contains(url.scheme())) {
            return Optional.of("url must begin with http:// or https:// and the name of a host");
        }
        if (url.query().isPresent() || url.fragment().isPresent()) {
            return Optional.of("url must have neither a query nor a fragment");
        }
        if (url.hasPassword()) {
            return Optional.of(
                    "url must not have a password in it; use password_env, password_file or" + " password_credential");
        }
        return Optional.empty();
    }

    /** The user a configured URL names. */
    static Optional<String> userOf(String url) {
        try {
            return ServerUrl.parse(url).userInfo().map(Percent::decode);
        } catch (IllegalArgumentException e) {
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
