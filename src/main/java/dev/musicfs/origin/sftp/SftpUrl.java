package dev.musicfs.origin.sftp;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code sftp://user@host:port/path}.
 *
 * @param user the one to log in as
 * @param host name or literal address, IPv6 without brackets
 * @param port 22 unless the URL says otherwise
 * @param root the directory on the server, each of its bytes as one character (ISO 8859-1); relative to the user's home
 *     when the URL's path begins with {@code /~}; without a slash at its end unless it is {@code /}
 */
record SftpUrl(String user, String host, int port, String root) {
    private static final int SSH_PORT = 22;

    /** What is wrong with {@code url}, as a phrase that begins with the key; empty when nothing is. */
    static Optional<String> problem(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.of("url is not a URL: " + e.getReason());
        }
        if (!"sftp".equals(uri.getScheme()) || uri.getHost() == null) {
            return Optional.of("url must be like \"sftp://user@host:port/path\"");
        }
        if (uri.getRawUserInfo() != null && uri.getRawUserInfo().contains(":")) {
            return Optional.of("url must not hold a password; password_file, password_env or password_credential names"
                    + " where it is");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            return Optional.of("url must not have a ? or # part; write %3F and %23 for such characters of a path");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            return Optional.of("url must have a port from 1 to 65535");
        }
        return decode(uri.getRawPath()).indexOf('\0') < 0
                ? Optional.empty()
                : Optional.of("url must not have a NUL in its path");
    }

    /** Of a URL without a {@link #problem}. Without a user it is the one the daemon runs as. */
    static SftpUrl parse(String url) {
        URI uri = URI.create(url);
        String host = uri.getHost();
        boolean literal = host.startsWith("[");
        return new SftpUrl(
                uri.getUserInfo() == null ? System.getProperty("user.name") : uri.getUserInfo(),
                literal ? host.substring(1, host.length() - 1) : host,
                uri.getPort() < 0 ? SSH_PORT : uri.getPort(),
                root(decode(uri.getRawPath())));
    }

    /** For messages. */
    @Override
    public String toString() {
        return "sftp://" + user + "@" + host + (port == SSH_PORT ? "" : ":" + port);
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

    private static String decode(@Nullable String raw) {
        byte[] bytes = (raw == null ? "" : raw).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                out.write(Character.digit(bytes[i + 1], 16) << 4 | Character.digit(bytes[i + 2], 16));
                i += 2;
            } else {
                out.write(bytes[i]);
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
