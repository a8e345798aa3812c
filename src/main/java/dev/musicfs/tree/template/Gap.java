package dev.musicfs.tree.template;

import java.util.regex.Pattern;

/** The mark that stands for a missing value until a name is complete. */
final class Gap {
    /** No Unicode text contains it. */
    private static final String MARK = "\uFFFF";

    private static final Pattern MARK_AND_SEPARATOR = Pattern.compile("(^|[-_] ?)" + MARK + "+(?:[ _-]|\\.(?= ))+");

    private Gap() {}

    /** The text, or the mark when it is empty. */
    static String orText(String text) {
        return text.isEmpty() ? MARK : text;
    }

    /** A field's value as it may stand in a path, or the mark when it is missing. */
    static String orValue(String field, TrackFields fields) {
        return orText(removedFrom(fields.value(field)).replace('/', '_'));
    }

    /** The text without marks. */
    static String removedFrom(String text) {
        return text.replace(MARK, "");
    }

    /** A name without marks; one at its beginning, or behind a dash or underscore, takes its separator along. */
    static String closedIn(String name) {
        String closed = name;
        String before;
        do {
            before = closed;
            closed = MARK_AND_SEPARATOR.matcher(before).replaceFirst("$1");
        } while (!closed.equals(before));
        return removedFrom(closed);
    }
}
