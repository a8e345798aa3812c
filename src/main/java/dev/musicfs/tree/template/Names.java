package dev.musicfs.tree.template;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a single name in the mount may look like, whatever the tags or the origin say. */
public final class Names {
    /** The order of names in a directory: that of their UTF-8 bytes. */
    public static final Comparator<String> BYTE_ORDER = (a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b));

    /** NAME_MAX of Linux, in bytes. */
    static final int MAX_BYTES = 255;

    private static final int ROOM_FOR_NUMBER = " (2)".length();
    private static final int MAX_EXTENSION_CHARS = 16;
    private static final char FILLER = '_';
    private static final Pattern NUMBER = Pattern.compile(" \\(([1-9][0-9]{0,8})\\)$");

    private Names() {}

    /**
     * A valid name that resembles {@code text}: neither empty nor {@code .} nor {@code ..}, without {@code /}, control
     * characters and lone surrogates, not beginning or ending with a dot or a space, in NFC and at most
     * {@link #MAX_BYTES} long. A name that must be shortened keeps its extension and has room for {@code " (2)"}.
     * Valid names come back as they are.
     */
    public static String clean(String text) {
        String name = trimEdges(Normalizer.normalize(scrub(text), Normalizer.Form.NFC));
        return bytes(name) <= MAX_BYTES ? name : join(name, "", MAX_BYTES - ROOM_FOR_NUMBER);
    }

    /** The {@code number}-th name of those that want to be called {@code name}, itself the first: {@code a (2).flac}. */
    public static String numbered(String name, int number) {
        return number == 1 ? name : join(name, " (" + number + ")", MAX_BYTES);
    }

    /** Whether {@code name} is {@code wanted} or what {@link #numbered} makes of it. */
    public static boolean isNumbered(String name, String wanted) {
        if (name.equals(wanted)) {
            return true;
        }
        Matcher number =
                NUMBER.matcher(name.substring(0, name.length() - extension(name).length()));
        return number.find()
                && numbered(wanted, Integer.parseInt(number.group(1))).equals(name);
    }

    private static String scrub(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            if (codePoint == '/' || Character.isISOControl(codePoint)) {
                out.append(FILLER);
            } else if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                out.append('\uFFFD');
            } else {
                out.appendCodePoint(codePoint);
            }
        });
        return out.toString();
    }

    private static String trimEdges(String name) {
        if (name.isEmpty()) {
            return String.valueOf(FILLER);
        }
        StringBuilder out = new StringBuilder(name);
        if (isDotOrSpace(out.charAt(0))) {
            out.setCharAt(0, FILLER);
        }
        if (isDotOrSpace(out.charAt(out.length() - 1))) {
            out.setCharAt(out.length() - 1, FILLER);
        }
        return out.toString();
    }

    private static boolean isDotOrSpace(char c) {
        return c == '.' || Character.isSpaceChar(c);
    }

    private static String join(String name, String suffix, int maxBytes) {
        String extension = extension(name);
        String stem = name.substring(0, name.length() - extension.length());
        return trimEdges(cut(stem, maxBytes - bytes(suffix) - bytes(extension)) + suffix + extension);
    }

    /** With its dot; empty when what follows the last dot does not look like one. */
    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        boolean found = dot > 0
                && dot < name.length() - 1
                && name.length() - dot <= MAX_EXTENSION_CHARS
                && name.chars().skip(dot + 1L).allMatch(c -> c < 128 && Character.isLetterOrDigit(c));
        return found ? name.substring(dot) : "";
    }

    private static String cut(String text, int maxBytes) {
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            used += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (used > maxBytes) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end);
    }

    private static int bytes(String text) {
        return utf8(text).length;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
