package dev.musicfs.tree.template;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.TrackTags;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The fields a template can name, and their values for one file. */
final class TrackFields {
    static final String UNKNOWN_ARTIST = "Unknown Artist";
    static final String UNKNOWN_ALBUM = "Unknown Album";
    static final String VARIOUS_ARTISTS = "Various Artists";

    private static final Map<String, Function<TrackTags, String>> TAGS = Map.ofEntries(
            Map.entry("title", TrackTags::title),
            Map.entry("artist", TrackTags::artist),
            Map.entry("albumartist", TrackFields::albumArtist),
            Map.entry("album", TrackTags::album),
            Map.entry("genre", TrackTags::genre),
            Map.entry("composer", TrackTags::composer),
            Map.entry("year", tags -> number(tags.year())),
            Map.entry("track", tags -> tags.track() == 0 ? "" : String.format(Locale.ROOT, "%02d", tags.track())),
            Map.entry("disc", tags -> number(tags.disc())),
            Map.entry("disctotal", tags -> number(tags.discTotal())),
            Map.entry("format", TrackTags::format),
            Map.entry("format_upper", tags -> tags.format().toUpperCase(Locale.ROOT)),
            Map.entry("bitrate", tags -> number(tags.bitrateKbps())),
            Map.entry("multidisc", tags -> tags.discTotal() > 1 || tags.disc() > 1 ? "1" : ""));

    private final FileRow file;

    TrackFields(FileRow file) {
        this.file = file;
    }

    /** The names of all fields. */
    static Set<String> names() {
        return TAGS.keySet();
    }

    /** Whether the file itself has a value for this field; false for an unknown field. */
    boolean isDefined(String field) {
        return !tag(field).isEmpty();
    }

    /** The value, or what stands in for a missing artist, album or title; empty for any other missing one. */
    String value(String field) {
        String tag = tag(field);
        if (!tag.isEmpty()) {
            return tag;
        }
        return switch (field) {
            case "artist", "albumartist" -> UNKNOWN_ARTIST;
            case "album" -> UNKNOWN_ALBUM;
            case "title" -> ownName();
            default -> "";
        };
    }

    private String tag(String field) {
        Function<TrackTags, String> tag = TAGS.get(field);
        return tag == null ? "" : tag.apply(file.tags()).strip();
    }

    /** The file's name at its origin, without the extension. */
    private String ownName() {
        String name = file.path().name();
        int dot = name.lastIndexOf('.');
        return dot < 1 ? name : name.substring(0, dot);
    }

    private static String albumArtist(TrackTags tags) {
        if (!tags.albumArtist().isBlank()) {
            return tags.albumArtist();
        }
        return tags.compilation() ? VARIOUS_ARTISTS : tags.artist();
    }

    private static String number(int value) {
        return value == 0 ? "" : Integer.toString(value);
    }
}
