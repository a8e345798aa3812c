package dev.musicfs.tree.template;

import java.util.List;

/**
 * A function of the template language.
 *
 * @param minArguments fewest arguments it takes, at least 1
 * @param maxArguments most arguments it takes
 * @param firstIsField whether the first argument is the bare name of a field, checked when the template is parsed
 * @param keepsGaps whether its result is one of its arguments as it stands, with the marks of missing values in it
 * @param body what it does
 */
record TemplateFunction(int minArguments, int maxArguments, boolean firstIsField, boolean keepsGaps, Body body) {
    /** A function of text. */
    static TemplateFunction ofText(int minArguments, int maxArguments, Body body) {
        return new TemplateFunction(minArguments, maxArguments, false, false, body);
    }

    /** What a function does with its evaluated arguments; it never fails. */
    interface Body {
        String apply(List<String> arguments, TrackFields fields);
    }
}
