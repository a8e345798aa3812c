package dev.musicfs.library;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a round added that could stand in for what is gone, as when files are encoded anew: another file in the same
 * directory, or one of the same name in music. At most {@value #MOST} are remembered. For one thread at a time.
 */
final class Replacements {
    private static final int MOST = 20_000;

    private final Map<RealPath, Integer> byFolder = new HashMap<>();
    private final Set<String> songs = new HashSet<>();
    private int remembered;

    void added(FileRow row) {
        if (Arrival.isTrack(row) && remembered < MOST) {
            remembered++;
            byFolder.merge(row.path().parent(), 1, Integer::sum);
            song(row).ifPresent(songs::add);
        }
    }

    /** How many of these have nothing that stands in for them. */
    long countWithout(List<FileRow> gone) {
        Map<RealPath, Integer> left = new HashMap<>(byFolder);
        long without = 0;
        for (FileRow row : gone) {
            int here = left.getOrDefault(row.path().parent(), 0);
            if (here > 0) {
                left.put(row.path().parent(), here - 1);
            } else if (song(row).filter(songs::contains).isEmpty()) {
                without++;
            }
        }
        return without;
    }

    private static Optional<String> song(FileRow row) {
        TrackTags tags = row.tags();
        return tags.title().isEmpty() || tags.artist().isEmpty()
                ? Optional.empty()
                : Optional.of(String.join("\0", tags.artist(), tags.album(), tags.title(), "" + tags.track())
                        .toLowerCase(Locale.ROOT));
    }
}
