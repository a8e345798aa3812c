package dev.musicfs.formats;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The values of one tag by their keys. Keeps only what a {@link Field} asks for. */
final class TextTags implements FieldSource {
    /** A real file has a dozen; a hostile one has as many as fit. */
    private static final int MAX_VALUES = 1024;

    private final Field.Spelling spelling;
    private final Map<String, List<String>> valuesByKey = new HashMap<>();
    private int count;

    /** With keys that are names: {@code KEY=value}. */
    TextTags() {
        this(Field.Spelling.TEXT);
    }

    TextTags(Field.Spelling spelling) {
        this.spelling = spelling;
    }

    boolean wants(String key) {
        return Field.isKey(spelling, spelt(key));
    }

    /** Adds a value, of which several may be separated by NUL, to those of a key. */
    void add(String key, String values) {
        String spelt = spelt(key);
        if (!Field.isKey(spelling, spelt)) {
            return;
        }
        for (String value : values.split("\0", -1)) {
            if (count < MAX_VALUES) {
                valuesByKey.computeIfAbsent(spelt, absent -> new ArrayList<>()).add(value);
                count++;
            }
        }
    }

    @Override
    public List<String> values(Field field) {
        List<String> values = new ArrayList<>();
        for (String key : field.keys(spelling)) {
            List<String> ofKey = valuesByKey.getOrDefault(key, List.of());
            // Other spellings stand in for a missing field; they do not add values to it. Dates are tried in turn.
            if (field == Field.DATE || TagText.first(values).isEmpty()) {
                values.addAll(ofKey);
            }
        }
        return values;
    }

    private String spelt(String key) {
        return spelling == Field.Spelling.TEXT ? key.toUpperCase(Locale.ROOT).strip() : key;
    }
}
