package dev.musicfs.origin.s3;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Percent-encoding as SigV4 wants it (RFC 3986: everything but letters, digits and {@code -._~}) and back. */
final class Encoding {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private Encoding() {}

    /** A key in a path: slashes stay. */
    static String path(String key) {
        return encode(key, true);
    }

    /** The query of a URL, without question mark. */
    static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(each -> encode(each.getKey(), false) + "=" + encode(each.getValue(), false))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text, boolean slashes) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (isPlain(c) || (slashes && c == '/')) {
                out.append(c);
            } else {
                out.append('%').append(HEX[c >> 4]).append(HEX[c & 0xF]);
            }
        }
        return out.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
    }

    /**
     * The text that was encoded.
     *
     * @param plusIsSpace as in listings, where a space is {@code +}
     * @throws IllegalArgumentException for what is no encoding of UTF-8
     */
    static String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && !(plusIsSpace && text.indexOf('+') >= 0)) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        int i = 0;
        while (i < in.length) {
            if (in[i] == '%') {
                int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
                int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new IllegalArgumentException("not percent-encoded: " + text);
                }
                out.write(high << 4 | low);
                i += 3;
            } else {
                out.write(plusIsSpace && in[i] == '+' ? ' ' : in[i]);
                i++;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(out.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not UTF-8: " + text, e);
        }
    }
}
