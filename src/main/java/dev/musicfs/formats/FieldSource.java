package dev.musicfs.formats;

import java.util.List;

/** Where the values of fields come from: one kind of tag. */
@FunctionalInterface
interface FieldSource {
    /** A file without a tag. */
    FieldSource NONE = field -> List.of();

    /** The raw values of a field, best first; empty when the tag has none. */
    List<String> values(Field field);
}
