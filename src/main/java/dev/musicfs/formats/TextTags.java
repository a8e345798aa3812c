package dev.musicfs.formats;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Free-form {@code KEY=value} tags, as Vorbis comments and APE tags are. Keeps only what a {@link Field} asks for. */
final class TextTags implements FieldSource {
    /** A real file has a dozen; a hostile one has as many as fit. */
    private static final int MAX_VALUES = 1024;

    private final Map<String, List<String>> valuesByKey = new HashMap<>();
    private int count;

    void add(String key, String value) {
        String upper = key.toUpperCase(Locale.ROOT);
        if (count < MAX_VALUES && Field.isTextKey(upper)) {
            valuesByKey.computeIfAbsent(upper, absent -> new ArrayList<>()).add(value);
            count++;
        }
    }

    /** Adds a Vorbis comment, UTF-8 {@code KEY=value}; one without an equals sign is passed over. */
    void addComment(byte[] comment) {
        String text = new String(comment, StandardCharsets.UTF_8);
        int equals = text.indexOf('=');
        if (equals > 0) {
            add(text.substring(0, equals), text.substring(equals + 1));
        }
    }

    @Override
    public List<String> values(Field field) {
        List<String> values = new ArrayList<>();
        for (String key : field.textKeys()) {
            List<String> ofKey = valuesByKey.getOrDefault(key, List.of());
            // Other spellings stand in for a missing field; they do not add values to it. Dates are tried in turn.
            if (values.isEmpty() || field == Field.DATE) {
                values.addAll(ofKey);
            }
        }
        return values;
    }
}
