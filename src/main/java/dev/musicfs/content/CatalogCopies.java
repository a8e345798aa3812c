package dev.musicfs.content;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.origin.Copy;
import java.util.List;

/** The copies of a file that the catalog knows. */
final class CatalogCopies {
    private final CatalogReader catalog;

    CatalogCopies(CatalogReader catalog) {
        this.catalog = catalog;
    }

    /** Those that can stand in for it, the file itself first. */
    List<Copy> ofBlocking(FileRow row) {
        return List.of(Copy.whole(row.origin(), row.path(), row.version()));
    }
}
