package dev.musicfs.tree.template;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackNumber;
import dev.musicfs.model.TrackTags;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The fields a template can name, and their values for one file. */
final class TrackFields {
    static final String UNKNOWN_ARTIST = "Unknown Artist";
    static final String UNKNOWN_ALBUM = "Unknown Album";

    private static final Map<String, Function<TrackTags, String>> TAGS = Map.ofEntries(
            Map.entry("title", TrackTags::title),
            Map.entry("artist", TrackTags::artist),
            Map.entry("album", TrackTags::album),
            Map.entry("genre", TrackTags::genre),
            Map.entry("composer", TrackTags::composer),
            Map.entry("track", tags -> TrackNumber.text(tags.track())),
            Map.entry("disc", tags -> number(tags.disc())),
            Map.entry("disctotal", tags -> number(tags.discTotal())),
            Map.entry("format", TrackTags::format),
            Map.entry("format_upper", tags -> tags.format().toUpperCase(Locale.ROOT)),
            Map.entry("bitrate", tags -> number(tags.bitrateKbps())));

    private static final Map<String, Function<AlbumFields, String>> OF_THE_ALBUM = Map.of(
            "albumartist", AlbumFields::artist,
            "year", album -> number(album.year()),
            "multidisc", album -> album.severalDiscs() ? "1" : "");

    private final FileRow file;
    private final AlbumFields album;

    TrackFields(FileRow file, AlbumFields album) {
        this.file = file;
        this.album = album;
    }

    /** The names of all fields. */
    static Set<String> names() {
        Set<String> names = new HashSet<>(TAGS.keySet());
        names.addAll(OF_THE_ALBUM.keySet());
        return names;
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
            case "album" -> albumOf(file.path());
            case "title" -> ownName();
            default -> "";
        };
    }

    private String tag(String field) {
        Function<TrackTags, String> tag = TAGS.get(field);
        if (tag != null) {
            return tag.apply(file.tags()).strip();
        }
        Function<AlbumFields, String> common = OF_THE_ALBUM.get(field);
        return common == null ? "" : common.apply(album).strip();
    }

    /**
     * What stands in for the title of an album that a file does not say: the name of the directory it lies in, or of the
     * one above when that is only a disc's.
     */
    static String albumOf(RealPath path) {
        RealPath folder = path.parent();
        if (DiscFolder.is(folder)) {
            folder = folder.parent();
        }
        String name = folder.name().strip();
        return name.isEmpty() ? UNKNOWN_ALBUM : name;
    }

    /** The file's name at its origin, without the extension. */
    private String ownName() {
        String name = file.path().name();
        int dot = name.lastIndexOf('.');
        return dot < 1 ? name : name.substring(0, dot);
    }

    private static String number(int value) {
        return value == 0 ? "" : Integer.toString(value);
    }
}
