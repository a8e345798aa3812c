package dev.musicfs.origin.s3;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signature Version 4 as its specification describes it, written without Amazon's library. */
final class SignatureCheck {
    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})");

    private SignatureCheck() {}

    /** Whether the request is signed with these keys for this region. */
    static boolean passes(
            String method, String uri, MultiMap headers, String accessKey, String secretKey, String region) {
        String authorization = headers.get("Authorization");
        Matcher parts = AUTHORIZATION.matcher(authorization == null ? "" : authorization);
        if (!parts.matches()
                || !parts.group(1).equals(accessKey)
                || !parts.group(3).equals(region)) {
            return false;
        }
        String signed = parts.group(4);
        if (!Arrays.asList(signed.split(";")).contains("host")) {
            return false;
        }
        int question = uri.indexOf('?');
        String path = question < 0 ? uri : uri.substring(0, question);
        String query = question < 0
                ? ""
                : Arrays.stream(uri.substring(question + 1).split("&"))
                        .map(pair -> pair.contains("=") ? pair : pair + "=")
                        .sorted()
                        .collect(Collectors.joining("&"));
        String canonicalHeaders = Arrays.stream(signed.split(";"))
                .map(name -> name + ":" + headers.get(name).strip() + "\n")
                .collect(Collectors.joining());
        String canonical =
                String.join("\n", method, path, query, canonicalHeaders, signed, headers.get("x-amz-content-sha256"));
        String scope = parts.group(2) + "/" + region + "/s3/aws4_request";
        String text = String.join(
                "\n",
                "AWS4-HMAC-SHA256",
                headers.get("x-amz-date"),
                scope,
                HexFormat.of().formatHex(sha256(canonical)));
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {parts.group(2), region, "s3", "aws4_request"}) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, text)).equals(parts.group(5));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
