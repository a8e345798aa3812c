package dev.musicfs.tree;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The nodes as they will be after a batch: the catalog's, and the changes so far. For one thread. */
final class StagedTree {
    /** What a batch does to one node; at least one row is there. */
    record Diff(Optional<NodeRow> before, Optional<NodeRow> after) {}

    private final CatalogReader reader;
    private final Map<NodeId, Optional<NodeRow>> before = new LinkedHashMap<>();
    private final Map<NodeId, Optional<NodeRow>> after = new HashMap<>();
    private final Map<Place, Optional<NodeRow>> places = new HashMap<>();
    private final Map<NodeId, Set<Place>> placesByDirectory = new LinkedHashMap<>();
    private final Map<Long, Set<NodeId>> nodesByFile = new HashMap<>();

    StagedTree(CatalogReader reader) {
        this.reader = reader;
    }

    Optional<NodeRow> node(NodeId id) {
        Optional<NodeRow> staged = after.get(id);
        return staged == null ? reader.nodeBlocking(id) : staged;
    }

    Optional<NodeRow> at(Place place) {
        Optional<NodeRow> staged = places.get(place);
        if (staged != null) {
            return staged;
        }
        // A directory's new row is not at a staged place.
        return reader.childBlocking(place.parent(), place.name()).flatMap(row -> node(row.id()));
    }

    List<NodeRow> nodesOf(long fileId) {
        List<NodeRow> nodes = new ArrayList<>();
        for (NodeRow stored : reader.nodesOfFileBlocking(fileId)) {
            if (!after.containsKey(stored.id())) {
                nodes.add(stored);
            }
        }
        for (NodeId id : nodesByFile.getOrDefault(fileId, Set.of())) {
            node(id).filter(row -> row.fileId() == fileId).ifPresent(nodes::add);
        }
        return nodes;
    }

    /** Inserts, replaces or moves a node; the place must be free or its own. */
    void put(NodeRow row) {
        Optional<NodeRow> old = remember(row.id());
        Place place = Place.of(row);
        if (!old.map(Place::of).equals(Optional.of(place))) {
            old.map(Place::of).ifPresent(this::vacate);
            occupy(place, Optional.of(row));
        } else if (places.containsKey(place)) {
            places.put(place, Optional.of(row));
        }
        after.put(row.id(), Optional.of(row));
        if (!row.isDirectory()) {
            nodesByFile
                    .computeIfAbsent(row.fileId(), id -> new LinkedHashSet<>())
                    .add(row.id());
        }
    }

    void remove(NodeRow row) {
        remember(row.id());
        after.put(row.id(), Optional.empty());
        vacate(Place.of(row));
    }

    boolean isEmpty(NodeId directory) {
        Set<Place> staged = placesByDirectory.getOrDefault(directory, Set.of());
        for (Place place : staged) {
            if (places.getOrDefault(place, Optional.empty()).isPresent()) {
                return false;
            }
        }
        return reader.childrenBlocking(directory, "", staged.size() + 1).stream()
                .allMatch(row -> staged.contains(Place.of(row)));
    }

    /** The directories in which an entry appeared or left, in the order of the first such change. */
    List<NodeId> directoriesWithChanges() {
        return List.copyOf(placesByDirectory.keySet());
    }

    /** What changed, in the order in which the nodes were first touched; nodes that came and went are left out. */
    List<Diff> diffs() {
        List<Diff> diffs = new ArrayList<>();
        before.forEach((id, row) -> {
            Diff diff = new Diff(row, node(id));
            if (!diff.before().equals(diff.after())) {
                diffs.add(diff);
            }
        });
        return diffs;
    }

    /** Whether the batch makes this node. */
    boolean isNew(NodeId id) {
        Optional<NodeRow> old = before.get(id);
        return old != null && old.isEmpty();
    }

    /** The row a directory has, or had before the batch removed it. */
    NodeRow evenIfRemoved(NodeId id) {
        return node(id).or(() -> before.getOrDefault(id, Optional.empty())).orElseThrow();
    }

    private Optional<NodeRow> remember(NodeId id) {
        Optional<NodeRow> old = node(id);
        before.putIfAbsent(id, old);
        return old;
    }

    private void vacate(Place place) {
        occupy(place, Optional.empty());
    }

    private void occupy(Place place, Optional<NodeRow> row) {
        places.put(place, row);
        placesByDirectory
                .computeIfAbsent(place.parent(), id -> new LinkedHashSet<>())
                .add(place);
    }
}
