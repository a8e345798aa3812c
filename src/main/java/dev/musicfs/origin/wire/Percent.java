package dev.musicfs.origin.wire;

import dev.musicfs.model.RealPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-encoding (RFC 3986) of bytes that need not be UTF-8. */
public final class Percent {
    /** What a path may hold besides letters and digits. */
    public static final String PATH = "-._~/!$&'()*+,;=:@";
    /** Neither reserved in any part of a URL nor a letter or digit. */
    public static final String UNRESERVED = "-._~";

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private Percent() {}

    /** Encodes all but letters, digits and {@code plain}. */
    public static String encode(byte[] bytes, String plain) {
        StringBuilder out = new StringBuilder(bytes.length + 16);
        for (byte b : bytes) {
            char c = (char) (b & 0xFF);
            if (isAlphanumeric(c) || plain.indexOf(c) >= 0) {
                out.append(c);
            } else {
                escape(out, b);
            }
        }
        return out.toString();
    }

    /** What a percent-encoded path says, as {@link RealPath} keeps names; a stray percent sign is one. */
    public static String decode(String raw) {
        return RealPath.decode(decode(raw, false, false));
    }

    /**
     * What was encoded.
     *
     * @param strict whether a stray percent sign is refused with {@link IllegalArgumentException}
     * @param plusIsSpace whether a plus is a space
     */
    public static byte[] decode(String raw, boolean strict, boolean plusIsSpace) {
        byte[] bytes = RealPath.encode(raw);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        int i = 0;
        while (i < bytes.length) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 3;
            } else if (strict && bytes[i] == '%') {
                throw new IllegalArgumentException("not percent-encoded");
            } else {
                out.write(plusIsSpace && bytes[i] == '+' ? ' ' : bytes[i]);
                i++;
            }
        }
        return out.toByteArray();
    }

    /** Escapes what may not stand in a URL and yet does in some servers' headers, whose bytes come as ISO 8859-1. */
    static String tidy(String url) {
        StringBuilder out = new StringBuilder();
        for (byte b : url.getBytes(StandardCharsets.ISO_8859_1)) {
            char c = (char) (b & 0xFF);
            if (c <= ' ' || c > '~' || "\"<>\\^`{|}".indexOf(c) >= 0) {
                escape(out, b);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static void escape(StringBuilder out, byte b) {
        out.append('%').append(HEX[(b >> 4) & 0xF]).append(HEX[b & 0xF]);
    }
}
