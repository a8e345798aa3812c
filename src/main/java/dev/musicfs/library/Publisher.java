package dev.musicfs.library;

import dev.musicfs.catalog.LibraryChange;
import io.vertx.core.Future;
import java.util.List;

/**
 * Where the library hands over what it found: it becomes catalog rows and entries of the tree together. Batches are
 * published one after another; the caller waits for one before it hands over the next.
 */
@FunctionalInterface
public interface Publisher {
    /** Stores and shows a batch of changes; fails as {@link dev.musicfs.catalog.CatalogWriter#apply} does. */
    Future<Void> publish(List<LibraryChange> batch);
}
