package dev.musicfs.library;

import dev.musicfs.model.RealPath;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A pattern for names: {@code *} stands for any characters of a name, {@code ?} for one, {@code **} for any names. Without a
 * slash it is of a name wherever it stands, with one of the whole path below the place it is said of; a slash at the end
 * means directories alone. Case does not matter. Matching takes no longer than pattern times name.
 */
final class Glob {
    /** Characters a pattern may have. */
    static final int LONGEST = 400;

    private static final String ANY = "**";

    private final String text;
    private final List<String> parts;
    private final boolean anchored;
    private final boolean directoriesOnly;

    /** Fails with {@code IllegalArgumentException} for what is empty or longer than {@value #LONGEST}. */
    Glob(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("a pattern of more than " + LONGEST + " characters");
        }
        String rest = text.toLowerCase(Locale.ROOT);
        this.text = text;
        this.directoriesOnly = rest.endsWith("/");
        rest = directoriesOnly ? rest.substring(0, rest.length() - 1) : rest;
        this.anchored = rest.indexOf('/') >= 0;
        rest = rest.startsWith("/") ? rest.substring(1) : rest;
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("an empty pattern");
        }
        this.parts = Arrays.asList(rest.split("/", -1));
    }

    /** Whether it is of {@code path}, which lies somewhere below {@code base}. */
    boolean matches(RealPath base, RealPath path, boolean directory) {
        if (directoriesOnly && !directory) {
            return false;
        }
        if (!anchored) {
            return isLike(parts.get(0), path.name().toLowerCase(Locale.ROOT));
        }
        String below = base.isRoot()
                ? path.value()
                : path.value().substring(base.value().length() + 1);
        return isLike(below.toLowerCase(Locale.ROOT).split("/", -1));
    }

    // Which prefixes of the pattern fit the names so far.
    private boolean isLike(String[] names) {
        boolean[] fits = new boolean[parts.size() + 1];
        fits[0] = true;
        spread(fits);
        for (String name : names) {
            boolean[] next = new boolean[parts.size() + 1];
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i).equals(ANY)) {
                    next[i] |= fits[i];
                } else {
                    next[i + 1] |= fits[i] && isLike(parts.get(i), name);
                }
            }
            spread(next);
            fits = next;
        }
        return fits[parts.size()];
    }

    private void spread(boolean[] fits) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).equals(ANY)) {
                fits[i + 1] |= fits[i];
            }
        }
    }

    // Goes back to the last star alone: an earlier one could gain nothing.
    private static boolean isLike(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int from = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                from = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++from;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    @Override
    public String toString() {
        return text;
    }
}
