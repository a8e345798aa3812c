package dev.musicfs.origin.sftp;

import dev.musicfs.model.ServerUrl;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * {@code sftp://user@host:port/path}.
 *
 * @param user the one to log in as
 * @param host name or literal address, IPv6 without brackets, perhaps with a zone
 * @param port 22 unless the URL says otherwise
 * @param root the directory on the server, each of its bytes as one character (ISO 8859-1); relative to the user's home
 *     when the URL's path begins with {@code /~}; without a slash at its end unless it is {@code /}
 */
record SftpUrl(String user, String host, int port, String root) {
    private static final int SSH_PORT = 22;

    /** What is wrong with {@code url}, as a phrase that begins with the key; empty when nothing is. */
    static Optional<String> problem(String text) {
        ServerUrl url;
        try {
            url = ServerUrl.parse(text);
        } catch (IllegalArgumentException e) {
            return Optional.of("url must be like \"sftp://user@host:port/path\": " + e.getMessage());
        }
        if (!url.scheme().equals("sftp")) {
            return Optional.of("url must be like \"sftp://user@host:port/path\"");
        }
        if (url.hasPassword()) {
            return Optional.of("url must not hold a password; password_file, password_env or password_credential names"
                    + " where it is");
        }
        if (url.query().isPresent() || url.fragment().isPresent()) {
            return Optional.of("url must not have a ? or # part; write %3F and %23 for such characters of a path");
        }
        return ServerUrl.decoded(url.path(), StandardCharsets.ISO_8859_1).indexOf('\0') < 0
                ? Optional.empty()
                : Optional.of("url must not have a NUL in its path");
    }

    /** Of a URL without a {@link #problem}. Without a user it is the one the daemon runs as. */
    static SftpUrl parse(String text) {
        ServerUrl url = ServerUrl.parse(text);
        return new SftpUrl(
                url.user().orElseGet(() -> System.getProperty("user.name")),
                url.host(),
                url.port() == ServerUrl.NO_PORT ? SSH_PORT : url.port(),
                root(ServerUrl.decoded(url.path(), StandardCharsets.ISO_8859_1)));
    }

    /** For messages. */
    @Override
    public String toString() {
        return "sftp://" + user + "@" + ServerUrl.inUrl(host) + (port == SSH_PORT ? "" : ":" + port);
    }

    private static String root(String path) {
        String whole = path.replaceAll("/+", "/");
        String trimmed = whole.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole;
        if (trimmed.equals("/~")) {
            return ".";
        }
        if (trimmed.startsWith("/~/")) {
            return trimmed.substring(3);
        }
        return trimmed.isEmpty() ? "/" : trimmed;
    }
}
