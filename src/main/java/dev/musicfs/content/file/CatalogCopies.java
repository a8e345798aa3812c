package dev.musicfs.content.file;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CopyRow;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.origin.Copy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The copies of a file that the catalog knows. For threads that may read the catalog. */
public final class CatalogCopies {
    private final CatalogReader catalog;

    /** The catalog stays the caller's. */
    public CatalogCopies(CatalogReader catalog) {
        this.catalog = catalog;
    }

    /** The file itself, then those that can be read in its place; it alone when another file is shown for its track. */
    public List<Copy> ofBlocking(FileRow row) {
        List<CopyRow> rows = catalog.copiesBlocking(row.id());
        List<Copy> copies = new ArrayList<>();
        copies.add(Copy.whole(row.origin(), row.path(), row.version()));
        if (!rows.isEmpty() && rows.get(0).file().equals(row)) {
            Optional<AudioLayout> shown = rows.get(0).layout();
            rows.stream().skip(1).forEach(each -> copy(shown, each).ifPresent(copies::add));
        }
        return copies;
    }

    private static Optional<Copy> copy(Optional<AudioLayout> shown, CopyRow row) {
        FileRow file = row.file();
        return switch (row.relation()) {
            case LEADER, STALE -> Optional.empty();
            case WHOLE -> Optional.of(Copy.whole(file.origin(), file.path(), file.version()));
            case AUDIO -> shown.flatMap(first -> row.layout().map(second -> audio(first, file, second)));
        };
    }

    private static Copy audio(AudioLayout shown, FileRow file, AudioLayout layout) {
        return new Copy(
                file.origin(),
                file.path(),
                file.version(),
                true,
                layout.audioStart() - shown.audioStart(),
                shown.audioStart(),
                shown.audioEnd());
    }
}
