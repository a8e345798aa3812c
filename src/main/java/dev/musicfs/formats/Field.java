package dev.musicfs.formats;

import java.util.List;
import org.jaudiotagger.tag.FieldKey;

/** What MusicFS wants of a tag, as the tag library calls it and as Vorbis comments and APE tags spell it. */
@SuppressWarnings("ImmutableEnumChecker") // List.of is immutable; its type does not say so.
enum Field {
    TITLE(List.of(FieldKey.TITLE), "TITLE"),
    ARTIST(List.of(FieldKey.ARTIST), "ARTIST"),
    ALBUM_ARTIST(List.of(FieldKey.ALBUM_ARTIST), "ALBUMARTIST", "ALBUM ARTIST", "ALBUM_ARTIST"),
    ALBUM(List.of(FieldKey.ALBUM), "ALBUM"),
    GENRE(List.of(FieldKey.GENRE), "GENRE"),
    COMPOSER(List.of(FieldKey.COMPOSER), "COMPOSER"),
    DATE(
            List.of(FieldKey.YEAR, FieldKey.ORIGINAL_YEAR, FieldKey.ORIGINALRELEASEDATE),
            "DATE",
            "YEAR",
            "RELEASEDATE",
            "ORIGINALDATE",
            "ORIGINALYEAR"),
    TRACK(List.of(FieldKey.TRACK), "TRACKNUMBER", "TRACK"),
    DISC(List.of(FieldKey.DISC_NO), "DISCNUMBER", "DISC"),
    DISC_TOTAL(List.of(FieldKey.DISC_TOTAL), "DISCTOTAL", "TOTALDISCS"),
    COMPILATION(List.of(FieldKey.IS_COMPILATION), "COMPILATION");

    private final List<FieldKey> libraryKeys;
    private final List<String> textKeys;

    Field(List<FieldKey> libraryKeys, String... textKeys) {
        this.libraryKeys = libraryKeys;
        this.textKeys = List.of(textKeys);
    }

    /** The library's keys, best first. */
    List<FieldKey> libraryKeys() {
        return libraryKeys;
    }

    /** Upper-case names in free-form tags, best first. */
    List<String> textKeys() {
        return textKeys;
    }

    /** Whether some field is spelt {@code key}, which is upper-case. */
    static boolean isTextKey(String key) {
        for (Field field : values()) {
            if (field.textKeys.contains(key)) {
                return true;
            }
        }
        return false;
    }
}
