package dev.musicfs.model;

import java.util.Locale;

/**
 * Text that may be shown on a terminal or written to a log, whatever names, tags and answers of servers are in it: without
 * it, who names a file could move the cursor, or write lines of others' names.
 */
public final class Printable {
    private Printable() {}

    /**
     * On one line: every control character, line break, half of a surrogate pair and character that turns the direction of
     * writing becomes a backslash, {@code u} and four hexadecimal digits, as in JSON. All else stays.
     */
    public static String line(String text) {
        return escaped(text, "");
    }

    /** The same with line breaks and tabs as they are. */
    public static String text(String text) {
        return escaped(text, "\n\t");
    }

    private static String escaped(String text, String kept) {
        int length = text.length();
        int at = 0;
        while (at < length && isPlain(text, at, kept)) {
            at++;
        }
        if (at == length) {
            return text;
        }
        StringBuilder out = new StringBuilder(length + 16).append(text, 0, at);
        for (; at < length; at++) {
            char c = text.charAt(at);
            if (isPlain(text, at, kept)) {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return out.toString();
    }

    private static boolean isPlain(String text, int at, String kept) {
        char c = text.charAt(at);
        if (c >= ' ' && c < 0x7F) {
            return true;
        }
        if (Character.isISOControl(c)) {
            return kept.indexOf(c) >= 0;
        }
        if (Character.isHighSurrogate(c)) {
            return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
        }
        return !turnsDirection(c) && c != '\u2028' && c != '\u2029';
    }

    private static boolean turnsDirection(char c) {
        return c == '\u061C'
                || c == '\u200E'
                || c == '\u200F'
                || (c >= '\u202A' && c <= '\u202E')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
