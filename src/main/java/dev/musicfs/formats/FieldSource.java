package dev.musicfs.formats;

import java.util.List;

/** Where the values of fields come from: one kind of tag, or several. */
@FunctionalInterface
interface FieldSource {
    /** A file without a tag. */
    FieldSource NONE = field -> List.of();

    /** The raw values of a field, best first; empty when the tag has none. */
    List<String> values(Field field);

    /** Field by field the first of these that has a value that says anything. */
    static FieldSource merged(List<? extends FieldSource> bestFirst) {
        List<FieldSource> sources = List.copyOf(bestFirst);
        return field -> {
            for (FieldSource source : sources) {
                List<String> values = source.values(field);
                if (saysAnything(field, values)) {
                    return values;
                }
            }
            return List.of();
        };
    }

    private static boolean saysAnything(Field field, List<String> values) {
        return switch (field) {
            case DATE -> TagText.year(values) > 0;
            case TRACK -> TagText.track(values) > 0;
            case DISC, DISC_TOTAL -> TagText.number(values) > 0;
            default -> !TagText.first(values).isEmpty();
        };
    }
}
