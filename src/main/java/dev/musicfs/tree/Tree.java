package dev.musicfs.tree;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogReader.Totals;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import dev.musicfs.tree.template.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The mounted tree as its readers see it: the catalog behind a bounded cache, less the changes that still have to be
 * announced. All methods may be called from any thread but an event loop and wait for no writer; those that end in
 * {@code Blocking} may ask the catalog and fail as {@link CatalogReader} does.
 */
public final class Tree {
    private final CatalogReader reader;
    private final NodeCache cache;
    private volatile Overlay overlay = Overlay.EMPTY;
    private volatile @Nullable Announcement current;

    /** Over a catalog, with a cache of about {@code cacheBytes} of heap. */
    public Tree(CatalogReader reader, long cacheBytes) {
        this.reader = reader;
        this.cache = new NodeCache(reader, cacheBytes);
    }

    /** The entry of a directory with exactly this name; one point query at most, however large the directory. */
    public Optional<NodeRow> lookupBlocking(NodeId parent, String name) {
        Place place = new Place(parent, name);
        Optional<NodeRow> stored = cache.at(place);
        return overlay.at(place, stored);
    }

    /** The node with this inode number. */
    public Optional<NodeRow> nodeBlocking(NodeId id) {
        Optional<NodeRow> stored = cache.of(id);
        return overlay.of(id, stored);
    }

    /**
     * The first {@code limit} entries whose names come after {@code afterName} (exclusive, "" from the start), in byte
     * order of names. Fewer than {@code limit} means that there are no more.
     */
    public List<NodeRow> childrenBlocking(NodeId parent, String afterName, int limit) {
        List<NodeRow> visible = new ArrayList<>();
        String after = afterName;
        boolean more = true;
        while (more && visible.size() < limit) {
            List<NodeRow> stored = reader.childrenBlocking(parent, after, limit);
            more = stored.size() == limit;
            Optional<String> last =
                    more ? Optional.of(stored.get(stored.size() - 1).name()) : Optional.empty();
            visible.addAll(visible(parent, stored, after, last));
            after = last.orElse(after);
        }
        return List.copyOf(visible.subList(0, Math.min(limit, visible.size())));
    }

    private List<NodeRow> visible(NodeId parent, List<NodeRow> stored, String after, Optional<String> last) {
        Overlay now = overlay;
        Set<Place> doubtful = now.placesIn(parent);
        if (doubtful.isEmpty()) {
            return stored;
        }
        List<NodeRow> rows = new ArrayList<>(stored.size());
        Set<String> seen = new HashSet<>();
        for (NodeRow row : stored) {
            seen.add(row.name());
            now.at(Place.of(row), Optional.of(row)).ifPresent(rows::add);
        }
        for (Place place : doubtful) {
            String name = place.name();
            boolean inPage = Names.BYTE_ORDER.compare(name, after) > 0
                    && last.map(end -> Names.BYTE_ORDER.compare(name, end) < 0).orElse(true);
            if (inPage && !seen.contains(name)) {
                now.at(place, Optional.empty()).ifPresent(rows::add);
            }
        }
        rows.sort((a, b) -> Names.BYTE_ORDER.compare(a.name(), b.name()));
        return rows;
    }

    /** The node at an absolute path: names joined by {@code /}, {@code "/"} the root; empty names are skipped. */
    public Optional<NodeRow> resolveBlocking(String absolutePath) {
        Optional<NodeRow> node = nodeBlocking(NodeId.ROOT);
        int start = 0;
        while (node.isPresent() && start < absolutePath.length()) {
            int slash = absolutePath.indexOf('/', start);
            int end = slash < 0 ? absolutePath.length() : slash;
            if (end > start) {
                String name = absolutePath.substring(start, end);
                node = node.filter(NodeRow::isDirectory).flatMap(dir -> lookupBlocking(dir.id(), name));
            }
            start = end + 1;
        }
        return node;
    }

    /** The absolute path of a visible node; {@code "/"} for the root. */
    public Optional<String> pathOfBlocking(NodeId id) {
        StringBuilder path = new StringBuilder();
        NodeId at = id;
        while (!at.equals(NodeId.ROOT)) {
            Optional<NodeRow> node = nodeBlocking(at);
            if (node.isEmpty()) {
                return Optional.empty();
            }
            path.insert(0, "/" + node.get().name());
            at = node.get().parent();
        }
        return Optional.of(path.isEmpty() ? "/" : path.toString());
    }

    /** Sums over the whole tree, changes that are not announced yet included. */
    public Totals totalsBlocking() {
        return reader.totalsBlocking();
    }

    /** Shows the entry whose creation is being announced; false, and nothing happens, when none such is. */
    public boolean publishCreated(NodeId parent, String name) {
        return publish(Optional.empty(), Optional.of(new Place(parent, name)));
    }

    /** Hides the entry whose removal is being announced; false, and nothing happens, when none such is. */
    public boolean publishRemoved(NodeId parent, String name) {
        return publish(Optional.of(new Place(parent, name)), Optional.empty());
    }

    /** Moves the entry whose move is being announced; false, and nothing happens, when none such is. */
    public boolean publishMoved(NodeId fromParent, String fromName, NodeId toParent, String toName) {
        return publish(Optional.of(new Place(fromParent, fromName)), Optional.of(new Place(toParent, toName)));
    }

    /** Shows the new size and time of the file whose change is being announced; false when none such is. */
    public boolean publishChanged(NodeId parent, String name) {
        Optional<Place> place = Optional.of(new Place(parent, name));
        return publish(place, place);
    }

    private boolean publish(Optional<Place> from, Optional<Place> to) {
        Announcement announcement = current;
        if (announcement == null || !announcement.matches(from, to)) {
            return false;
        }
        announcement.publish();
        return true;
    }

    /** Keeps these changes out of sight from now on; called before they are committed. */
    void withhold(Overlay changes) {
        overlay = changes;
    }

    /** Drops what is cached of changed rows; called after the commit, and when it is not known whether there was one. */
    void forget(Collection<NodeRow> rows) {
        rows.forEach(cache::forget);
    }

    /**
     * Publishes a change that nobody need hear of; false when somebody may have looked before that, and then it is out
     * of sight again and has to be announced.
     */
    boolean publishInSilence(Announcement announcement, Announcer announcer) {
        if (announcement.concerns(announcer)) {
            return false;
        }
        announcement.publish();
        // A reader makes the directory known before it looks: one that looked too early is seen here.
        if (announcement.concerns(announcer)) {
            announcement.withdraw();
            return false;
        }
        return true;
    }

    /** Lets the mount publish this change while the announcer makes it there, and publishes it in any case. */
    void announce(Announcement announcement, Runnable call) {
        current = announcement;
        try {
            call.run();
        } finally {
            announcement.publish();
            current = null;
        }
    }

    /** Everything is visible as it is in the catalog. */
    void withholdNothing() {
        overlay = Overlay.EMPTY;
    }
}
