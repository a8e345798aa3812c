package dev.musicfs.tree;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import java.util.List;
import java.util.Optional;

/** A committed change of one node that readers do not see until it is published. */
final class Announcement {
    private final Optional<NodeRow> before;
    private final Optional<NodeRow> after;
    private final String fromPath;
    private final String toPath;
    private final List<NodeRow> directories;
    private volatile boolean published;

    /**
     * A path is empty where its row is.
     *
     * @param before what is visible until the publication
     * @param after what the catalog says
     * @param directories those it happens in
     */
    Announcement(
            Optional<NodeRow> before,
            Optional<NodeRow> after,
            String fromPath,
            String toPath,
            List<NodeRow> directories) {
        this.before = before;
        this.after = after;
        this.fromPath = fromPath;
        this.toPath = toPath;
        this.directories = directories;
    }

    Optional<NodeRow> before() {
        return before;
    }

    Optional<NodeRow> after() {
        return after;
    }

    boolean isPublished() {
        return published;
    }

    void publish() {
        published = true;
    }

    /** Takes the publication back. */
    void withdraw() {
        published = false;
    }

    /** Whether the kernel may hold by now what this makes wrong. */
    boolean concerns(Announcer announcer) {
        return directories.stream().anyMatch(announcer::isKnown);
    }

    /** Whether this is the change that makes the entry of {@code from} that of {@code to}; either may be missing. */
    boolean matches(Optional<Place> from, Optional<Place> to) {
        return before.map(Place::of).equals(from) && after.map(Place::of).equals(to);
    }

    /** What is visible at a place this change concerns, until the publication. */
    Optional<NodeRow> viewAt(Place place) {
        return before.filter(row -> Place.of(row).equals(place));
    }

    NodeId node() {
        return before.or(() -> after).orElseThrow().id();
    }

    void tell(Announcer announcer) {
        NodeRow row = after.or(() -> before).orElseThrow();
        if (before.isEmpty()) {
            announcer.created(toPath, row.isDirectory());
        } else if (after.isEmpty()) {
            announcer.removed(fromPath, row.isDirectory());
        } else if (!fromPath.equals(toPath)) {
            announcer.moved(fromPath, toPath);
        } else {
            announcer.changed(toPath, row.sizeBytes(), row.mtimeNanos());
        }
    }
}
