package dev.musicfs.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * On which line each key of a TOML text stands. Jackson builds a tree without locations, so this looks at the text once
 * more; it trusts that the text has been parsed without errors.
 */
final class TomlLines {
    private final String text;
    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, Integer> tablesSoFar = new HashMap<>();
    private int at;
    private int line = 1;
    private String table = "";

    private TomlLines(String text) {
        this.text = text;
    }

    static TomlLines of(String text) {
        TomlLines result = new TomlLines(text);
        result.scan();
        return result;
    }

    /** The line of the key, or of the nearest table or inline value around it. */
    int lineOf(String key) {
        String wanted = key;
        while (true) {
            Integer found = lines.get(wanted);
            if (found != null) {
                return found;
            }
            int cut = Math.max(wanted.lastIndexOf('.'), wanted.lastIndexOf('['));
            if (cut < 0) {
                return 1;
            }
            wanted = wanted.substring(0, cut);
        }
    }

    private void scan() {
        while (skipBlank()) {
            if (text.startsWith("[[", at)) {
                at += 2;
                String name = resolve(key());
                int index = tablesSoFar.merge(name, 1, Integer::sum) - 1;
                table = name + "[" + index + "]";
                lines.putIfAbsent(name, line);
                lines.putIfAbsent(table, line);
                at += 2;
            } else if (peek() == '[') {
                at++;
                table = resolve(key());
                lines.putIfAbsent(table, line);
                at++;
            } else {
                String name = key();
                lines.putIfAbsent(table.isEmpty() ? name : table + "." + name, line);
                at++;
                value();
            }
        }
    }

    // A header below an array of tables belongs to the array's last one.
    private String resolve(String header) {
        StringBuilder path = new StringBuilder();
        for (String part : header.split("\\.", -1)) {
            path.append(path.isEmpty() ? "" : ".").append(part);
            Integer count = tablesSoFar.get(path.toString());
            if (count != null && path.length() < header.length()) {
                path.append('[').append(count - 1).append(']');
            }
        }
        return path.toString();
    }

    private String key() {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (; at < text.length() && "=]\n".indexOf(peek()) < 0; at++) {
            char c = peek();
            if (c == '"' || c == '\'') {
                int end = text.indexOf(c, at + 1);
                part.append(text, at + 1, end < 0 ? text.length() : end);
                at = end < 0 ? text.length() : end;
            } else if (c == '.') {
                parts.add(part.toString());
                part.setLength(0);
            } else if (!Character.isWhitespace(c)) {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return String.join(".", parts);
    }

    // Up to the end of the line on which all brackets and strings are closed.
    private void value() {
        int depth = 0;
        while (at < text.length()) {
            char c = peek();
            if (c == '"' || c == '\'') {
                string(c);
                continue;
            }
            if (c == '#') {
                skipComment();
                continue;
            }
            if (c == '\n' && depth == 0) {
                return;
            }
            if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
            }
            step();
        }
    }

    private void string(char quote) {
        String triple = String.valueOf(quote).repeat(3);
        String end = text.startsWith(triple, at) ? triple : String.valueOf(quote);
        at += end.length();
        while (at < text.length() && !text.startsWith(end, at)) {
            if (quote == '"' && peek() == '\\') {
                step();
            }
            step();
        }
        at += end.length();
        while (end.length() == 3 && at < text.length() && peek() == quote) {
            at++;
        }
    }

    private boolean skipBlank() {
        while (at < text.length() && (Character.isWhitespace(peek()) || peek() == '#')) {
            if (peek() == '#') {
                skipComment();
            } else {
                step();
            }
        }
        return at < text.length();
    }

    private void skipComment() {
        while (at < text.length() && peek() != '\n') {
            at++;
        }
    }

    private char peek() {
        return text.charAt(at);
    }

    private void step() {
        if (at < text.length() && peek() == '\n') {
            line++;
        }
        at++;
    }
}
