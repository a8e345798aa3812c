package dev.musicfs.tree.template;

import java.util.regex.Pattern;

/**
 * The mark that stands for a missing value until a name is complete, and the fence before a value that is there: what
 * separates names in a value is not edited.
 */
final class Gap {
    /** No Unicode text contains it. */
    private static final String MARK = "\uFFFF";
    /** Nor this. */
    private static final String FENCE = "\uFFFE";

    private static final Pattern MARK_AND_SEPARATOR = Pattern.compile("(^|[-_] ?)" + MARK + "+(?:[ _-]|\\.(?= ))+");
    private static final Pattern NEITHER_IN_TEXT = Pattern.compile("[" + MARK + FENCE + "]");

    private Gap() {}

    /** The text as a value, or the mark when it is empty. */
    static String orText(String text) {
        return text.isEmpty() ? MARK : FENCE + text;
    }

    /** A field's value as it may stand in a path, or the mark when it is missing. */
    static String orValue(String field, TrackFields fields) {
        return orText(removedFrom(fields.value(field)).replace('/', '_'));
    }

    /** The text without marks and fences. */
    static String removedFrom(String text) {
        return NEITHER_IN_TEXT.matcher(text).replaceAll("");
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
