package dev.musicfs.config;

import java.util.List;

/**
 * A value somebody set, before its type is looked at.
 *
 * @param value from a file a String, Long, Double, Boolean, date or time, {@link Texts} or {@link Structure}; from elsewhere a String
 * @param where the file and line, the variable or the flag
 * @param line the line in the file; 0 for other sources
 * @param source which kind of place it came from
 */
record Setting(Object value, String where, int line, Source source) {
    /** Where values come from, strongest first. */
    enum Source {
        ARGUMENT,
        ENVIRONMENT,
        FILE
    }

    /** Several texts, from an array of a file. */
    record Texts(List<String> all) {}

    /** What a file can hold in place of a scalar. */
    enum Structure {
        TABLE("a table"),
        ARRAY("an array");

        final String words;

        Structure(String words) {
            this.words = words;
        }
    }

    /** Whether numbers and booleans come as text, because the source knows nothing else. */
    boolean isText() {
        return source != Source.FILE;
    }

    /** The value, for a message that says what it should have been. */
    String described() {
        if (value instanceof Structure structure) {
            return structure.words;
        }
        if (value instanceof Texts) {
            return Structure.ARRAY.words;
        }
        return isText() || !(value instanceof String) ? String.valueOf(value) : "the string \"" + value + "\"";
    }

    Problem problem(String text) {
        return new Problem(where, text, source == Source.ARGUMENT);
    }
}
