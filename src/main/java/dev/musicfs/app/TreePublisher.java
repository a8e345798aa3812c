package dev.musicfs.app;

import dev.musicfs.library.Publisher;
import dev.musicfs.tree.TreeChange;
import dev.musicfs.tree.TreeUpdater;
import io.vertx.core.Future;
import java.util.List;

/** What the library found, handed to the tree in the tree's own words; neither room knows the other. */
public record TreePublisher(TreeUpdater updater) implements Publisher {
    @Override
    public Future<Void> publish(List<Change> batch) {
        return updater.apply(batch.stream().map(TreePublisher::translate).toList());
    }

    private static TreeChange translate(Change change) {
        if (change instanceof Change.Added added) {
            return new TreeChange.Added(added.after(), added.layout());
        }
        if (change instanceof Change.Updated updated) {
            return new TreeChange.Updated(updated.before(), updated.after(), updated.layout());
        }
        if (change instanceof Change.Removed removed) {
            return new TreeChange.Removed(removed.before());
        }
        if (change instanceof Change.FolderAdded folder) {
            return new TreeChange.FolderAdded(folder.origin(), folder.path());
        }
        if (change instanceof Change.FolderRemoved folder) {
            return new TreeChange.FolderRemoved(folder.origin(), folder.path());
        }
        Change.Covers covers = (Change.Covers) change;
        return new TreeChange.Covers(covers.origin(), covers.folder(), covers.cover());
    }
}
