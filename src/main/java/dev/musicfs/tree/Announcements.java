package dev.musicfs.tree;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import dev.musicfs.tree.StagedTree.Diff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Picks the changes of a batch that the kernel must be told about, or may have to be if it looks before they are
 * visible, and finds their paths.
 */
final class Announcements {
    private final StagedTree tree;
    private final Announcer announcer;
    private final Map<NodeId, Boolean> inReach = new HashMap<>();
    private final Map<NodeId, String> paths = new HashMap<>();

    private Announcements(StagedTree tree, Announcer announcer) {
        this.tree = tree;
        this.announcer = announcer;
    }

    /** Those in or out of a directory the kernel may know something about, or can come to know before the commit. */
    static List<Announcement> of(NodeChanges changes, StagedTree tree, Announcer announcer) {
        Announcements announcements = new Announcements(tree, announcer);
        List<Announcement> chosen = new ArrayList<>();
        for (Diff diff : changes.announceable()) {
            if (diff.before().filter(announcements::isInReach).isPresent()
                    || diff.after().filter(announcements::isInReach).isPresent()) {
                List<NodeRow> directories = new ArrayList<>();
                diff.before().ifPresent(row -> directories.add(tree.evenIfRemoved(row.parent())));
                diff.after().ifPresent(row -> directories.add(tree.evenIfRemoved(row.parent())));
                chosen.add(new Announcement(
                        diff.before(),
                        diff.after(),
                        diff.before().map(announcements::path).orElse(""),
                        diff.after().map(announcements::path).orElse(""),
                        directories));
            }
        }
        return chosen;
    }

    // What a new directory holds is there before the directory is.
    private boolean isInReach(NodeRow row) {
        return inReach.computeIfAbsent(
                row.parent(), id -> !tree.isNew(id) || announcer.isKnown(tree.evenIfRemoved(id)));
    }

    private String path(NodeRow row) {
        return directoryPath(row.parent()) + "/" + row.name();
    }

    private String directoryPath(NodeId id) {
        if (id.equals(NodeId.ROOT)) {
            return "";
        }
        String path = paths.get(id);
        if (path == null) {
            path = path(tree.evenIfRemoved(id));
            paths.put(id, path);
        }
        return path;
    }
}
