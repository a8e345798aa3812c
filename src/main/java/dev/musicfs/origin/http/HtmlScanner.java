package dev.musicfs.origin.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tags of a page one after the other, as browsers see them. It looks at each character once, whatever the page holds:
 * a pattern that backtracks took a minute for a MiB of {@code <a <a <a}.
 */
final class HtmlScanner {
    /** Longer texts, names and values are cut; no tag of an index comes near. */
    private static final int LONGEST = 8_000;

    private static final int MOST_ATTRIBUTES = 64;

    private final String page;
    private int at;

    HtmlScanner(String page) {
        this.page = page;
    }

    /**
     * A tag.
     *
     * @param name in lower case, with a slash in front at an end
     * @param attributes by name in lower case
     * @param text what follows up to the next tag
     */
    record Tag(String name, Map<String, String> attributes, String text) {
        String attribute(String wanted) {
            return attributes.getOrDefault(wanted, "");
        }
    }

    /** Null after the last one. */
    @Nullable
    Tag next() {
        while (true) {
            at = page.indexOf('<', at);
            if (at < 0 || at + 1 >= page.length()) {
                at = page.length();
                return null;
            }
            at++;
            if (page.startsWith("!--", at)) {
                skipTo("-->");
            } else if (page.charAt(at) == '/' || Character.isLetter(page.charAt(at))) {
                return tag();
            }
        }
    }

    private Tag tag() {
        int start = at;
        at++;
        while (at < page.length() && isName(page.charAt(at))) {
            at++;
        }
        String name = cut(start, at).toLowerCase(Locale.ROOT);
        Map<String, String> attributes = Map.of();
        while (at < page.length() && page.charAt(at) != '>' && page.charAt(at) != '<') {
            if (isName(page.charAt(at))) {
                if (attributes.isEmpty()) {
                    attributes = new HashMap<>();
                }
                attribute(attributes);
            } else {
                at++;
            }
        }
        if (at < page.length() && page.charAt(at) == '>') {
            at++;
        }
        if (name.equals("script") || name.equals("style")) {
            skipTo("</" + name);
            at = Math.max(0, at - name.length() - 2);
        }
        int end = page.indexOf('<', at);
        return new Tag(name, attributes, cut(at, end < 0 ? page.length() : end));
    }

    private void attribute(Map<String, String> into) {
        int start = at;
        while (at < page.length() && isName(page.charAt(at))) {
            at++;
        }
        String name = cut(start, at).toLowerCase(Locale.ROOT);
        skipSpace();
        String value = "";
        if (at < page.length() && page.charAt(at) == '=') {
            at++;
            skipSpace();
            value = value();
        }
        if (into.size() < MOST_ATTRIBUTES) {
            into.putIfAbsent(name, value);
        }
    }

    private String value() {
        if (at >= page.length()) {
            return "";
        }
        char quote = page.charAt(at);
        int start = at;
        if (quote == '"' || quote == '\'') {
            int end = page.indexOf(quote, at + 1);
            at = end < 0 ? page.length() : end + 1;
            return cut(start + 1, end < 0 ? page.length() : end);
        }
        while (at < page.length() && page.charAt(at) != '>' && !Character.isWhitespace(page.charAt(at))) {
            at++;
        }
        return cut(start, at);
    }

    private void skipSpace() {
        while (at < page.length() && Character.isWhitespace(page.charAt(at))) {
            at++;
        }
    }

    // Of the first letters in small ones alone, as every server writes them.
    private void skipTo(String end) {
        int found = page.indexOf(end, at);
        at = found < 0 ? page.length() : found + end.length();
    }

    private String cut(int from, int to) {
        return page.substring(from, Math.min(to, from + LONGEST));
    }

    private static boolean isName(char c) {
        return Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == ':' || c == '/';
    }
}
