package dev.musicfs.library;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.formats.AudioFormats;
import dev.musicfs.model.RealPath;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Which files of an origin belong to the library, by their names. */
final class MusicFiles {
    // Best first.
    private static final List<String> COVER_NAMES = List.of("cover", "folder", "front", "album", "albumart", "artwork");
    private static final List<String> COVER_TYPES = List.of("jpg", "jpeg", "png");

    private MusicFiles() {}

    /** What the file is to the library; empty when nothing. */
    static Optional<FileKind> kindOf(RealPath path) {
        if (AudioFormats.isAudio(path.extension())) {
            return Optional.of(FileKind.AUDIO);
        }
        return coverRank(path) < Integer.MAX_VALUE ? Optional.of(FileKind.COVER) : Optional.empty();
    }

    /** Of the cover files of one directory the one that people mean. */
    static Optional<FileRow> bestCover(Stream<FileRow> covers) {
        return covers.min(
                Comparator.<FileRow>comparingInt(row -> coverRank(row.path())).thenComparing(FileRow::path));
    }

    private static int coverRank(RealPath path) {
        int type = COVER_TYPES.indexOf(path.extension());
        if (type < 0) {
            return Integer.MAX_VALUE;
        }
        String name = path.name();
        int rank = COVER_NAMES.indexOf(
                name.substring(0, name.length() - path.extension().length() - 1).toLowerCase(Locale.ROOT));
        return rank < 0 ? Integer.MAX_VALUE : rank * COVER_TYPES.size() + type;
    }
}
