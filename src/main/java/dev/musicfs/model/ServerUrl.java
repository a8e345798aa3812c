package dev.musicfs.model;

import java.io.ByteArrayOutputStream;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a server. {@link URI} knows no host in whose name is an underscore, as containers have, and none outside
 * ASCII. Whoever shows one shows {@link #redacted}.
 *
 * @param scheme in small letters
 * @param userInfo percent-encoded, as it stands before the {@code @}
 * @param host a name or address, an IPv6 one without brackets and with its zone after a {@code %}; outside ASCII in the
 *     form the name service knows
 * @param port from 1 to 65535, or {@link #NO_PORT}
 * @param path percent-encoded, empty or with its leading slash
 * @param query percent-encoded, without the question mark
 * @param fragment percent-encoded, without the {@code #}
 */
public record ServerUrl(
        String scheme,
        Optional<String> userInfo,
        String host,
        int port,
        String path,
        Optional<String> query,
        Optional<String> fragment) {
    /** The port of a URL that names none. */
    public static final int NO_PORT = -1;

    private static final int HIGHEST_PORT = 65535;
    private static final Pattern AUTHORITY = Pattern.compile("(?:(?<user>[^@]*)@)?"
            + "(?:\\[(?<address>[0-9A-Fa-f:.]+)(?:%(?:25)?(?<zone>[A-Za-z0-9._~-]+))?\\]|(?<name>[^\\[\\]:@]+))"
            + "(?::(?<port>[0-9]{0,5}))?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]+");
    private static final Pattern WITH_PASSWORD =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)([^/@:?#]*):[^/@?#]*@([^@?#]*)");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is none; the message says why and repeats nothing of it, since a password
     *     may be in it
     */
    public static ServerUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e.getReason());
        }
        if (uri.getScheme() == null || uri.getRawAuthority() == null) {
            throw new IllegalArgumentException("it names no server");
        }
        Matcher authority = AUTHORITY.matcher(uri.getRawAuthority());
        if (!authority.matches()) {
            throw new IllegalArgumentException("what stands between // and the path is not of the form USER@HOST:PORT");
        }
        return new ServerUrl(
                uri.getScheme().toLowerCase(Locale.ROOT),
                Optional.ofNullable(authority.group("user")),
                host(authority),
                port(authority.group("port")),
                uri.getRawPath() == null ? "" : uri.getRawPath(),
                Optional.ofNullable(uri.getRawQuery()),
                Optional.ofNullable(uri.getRawFragment()));
    }

    private static String host(Matcher authority) {
        String address = authority.group("address");
        if (address != null) {
            String zone = authority.group("zone");
            return zone == null ? address : address + "%" + zone;
        }
        String name = String.valueOf(authority.group("name"));
        String ascii = name.chars().allMatch(c -> c < 0x80) ? name : IDN.toASCII(name);
        if (!NAME.matcher(ascii).matches()) {
            throw new IllegalArgumentException("its host is no name that a server can have");
        }
        return ascii;
    }

    private static int port(@org.jspecify.annotations.Nullable String digits) {
        if (digits == null || digits.isEmpty()) {
            return NO_PORT;
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("its port is none from 1 to 65535");
        }
        return port;
    }

    /** Whether a password stands in it, where others can see it. */
    public boolean hasPassword() {
        return userInfo.isPresent() && userInfo.get().contains(":");
    }

    /** The user's name, decoded. */
    public Optional<String> user() {
        return userInfo.map(raw -> decoded(raw, StandardCharsets.UTF_8));
    }

    /**
     * A part of a URL with its percent escapes replaced by the bytes they stand for.
     *
     * @param raw a part of a URL that was parsed, whose escapes are whole
     * @param charset what the bytes are read as
     */
    public static String decoded(String raw, Charset charset) {
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                out.write(Character.digit(bytes[i + 1], 16) << 4 | Character.digit(bytes[i + 2], 16));
                i += 2;
            } else {
                out.write(bytes[i]);
            }
        }
        return out.toString(charset);
    }

    /** A host as it stands in a URL: an IPv6 address in brackets, its zone percent-encoded (RFC 6874). */
    public static String inUrl(String host) {
        return host.contains(":") ? "[" + host.replace("%", "%25") + "]" : host;
    }

    /**
     * A text that may be a URL, or be meant to be one, without what may be secret in it: a password, however it is
     * written, and the values of a query.
     */
    public static String redacted(String text) {
        Matcher scheme = SCHEME.matcher(text);
        if (!scheme.lookingAt()) {
            return text;
        }
        Matcher plain = WITH_PASSWORD.matcher(text);
        if (plain.matches()) {
            return plain.replaceFirst("$1$2:...@$3");
        }
        return mayHoldPassword(text) ? scheme.group() + "..." : text.replaceFirst("[?#].*", "?...");
    }

    /** Whether a text begins as a URL does and may have a password in it, however it is written. */
    public static boolean mayHoldPassword(String text) {
        Matcher scheme = SCHEME.matcher(text);
        // A slash or question mark in a password ends what would be its place.
        int colon = scheme.lookingAt() ? text.indexOf(':', scheme.end()) : -1;
        return colon >= 0 && text.indexOf('@', colon) >= 0;
    }

    @Override
    public String toString() {
        return scheme + "://"
                + user().map(name -> name.replaceFirst(":.*", ":...") + "@").orElse("") + inUrl(host)
                + (port == NO_PORT ? "" : ":" + port) + path + (query.isEmpty() ? "" : "?...");
    }
}
