package dev.musicfs.origin.http;

import dev.musicfs.origin.wire.HttpUrl;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Digest authentication (RFC 7616) with {@code qop=auth} or none, MD5 or SHA-256. For any thread.
 *
 * @param parameters of the server's challenge, names in lower case
 */
record DigestLogin(Map<String, String> parameters, String algorithm, AtomicInteger used) {
    private static final int LONGEST_CHALLENGE = 8_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Of the values of the headers {@code WWW-Authenticate}; empty when none of them is a Digest that is known. */
    static Optional<DigestLogin> of(List<String> challenges) {
        return challenges.stream()
                .filter(text -> text.length() < LONGEST_CHALLENGE
                        && text.toLowerCase(Locale.ROOT).startsWith("digest "))
                .map(DigestLogin::parse)
                .filter(login -> !login.algorithm.isEmpty()
                        && login.parameters.containsKey("nonce")
                        && login.parameters.containsKey("realm")
                        && (login.qop().isEmpty() || login.qop().contains("auth")))
                .findFirst();
    }

    private static DigestLogin parse(String challenge) {
        Map<String, String> found = new HashMap<>();
        int at = "digest ".length();
        while (at < challenge.length()) {
            int equals = challenge.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            String name =
                    challenge.substring(at, equals).replace(",", "").strip().toLowerCase(Locale.ROOT);
            int start = equals + 1;
            int end;
            if (start < challenge.length() && challenge.charAt(start) == '"') {
                StringBuilder value = new StringBuilder();
                end = start + 1;
                while (end < challenge.length() && challenge.charAt(end) != '"') {
                    if (challenge.charAt(end) == '\\' && end + 1 < challenge.length()) {
                        end++;
                    }
                    value.append(challenge.charAt(end));
                    end++;
                }
                end++;
                found.putIfAbsent(name, value.toString());
            } else {
                int comma = challenge.indexOf(',', start);
                end = comma < 0 ? challenge.length() : comma;
                found.putIfAbsent(name, challenge.substring(start, end).strip());
            }
            at = end + 1;
        }
        String algorithm =
                switch (found.getOrDefault("algorithm", "MD5").toUpperCase(Locale.ROOT)) {
                    case "MD5" -> "MD5";
                    case "SHA-256" -> "SHA-256";
                    default -> "";
                };
        return new DigestLogin(Map.copyOf(found), algorithm, new AtomicInteger());
    }

    private List<String> qop() {
        return Arrays.stream(parameters.getOrDefault("qop", "").split(","))
                .map(each -> each.strip().toLowerCase(Locale.ROOT))
                .filter(each -> !each.isEmpty())
                .toList();
    }

    /** The value of the header {@code Authorization} for one request. */
    String header(String user, String password, HttpMethod method, HttpUrl url) {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        return header(
                user, password, method.name(), url.target(), HexFormat.of().formatHex(random));
    }

    String header(String user, String password, String method, String target, String client) {
        String realm = parameters.getOrDefault("realm", "");
        String nonce = parameters.getOrDefault("nonce", "");
        String count = HexFormat.of().toHexDigits(used.incrementAndGet());
        String secret = hash(user + ":" + realm + ":" + password);
        String request = hash(method + ":" + target);
        boolean counted = !qop().isEmpty();
        String response = hash(
                counted
                        ? String.join(":", secret, nonce, count, client, "auth", request)
                        : String.join(":", secret, nonce, request));
        StringBuilder header = new StringBuilder("Digest username=" + quoted(user) + ", realm=" + quoted(realm)
                + ", nonce=" + quoted(nonce) + ", uri=" + quoted(target) + ", response=\"" + response + "\"");
        if (parameters.containsKey("algorithm")) {
            header.append(", algorithm=").append(algorithm);
        }
        if (parameters.containsKey("opaque")) {
            header.append(", opaque=").append(quoted(parameters.getOrDefault("opaque", "")));
        }
        if (counted) {
            header.append(", qop=auth, nc=")
                    .append(count)
                    .append(", cnonce=\"")
                    .append(client)
                    .append('"');
        }
        return header.toString();
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
