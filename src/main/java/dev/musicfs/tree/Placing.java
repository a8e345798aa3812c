package dev.musicfs.tree;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import dev.musicfs.tree.template.Names;
import dev.musicfs.tree.template.Template;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds room for tracks in a staged tree; an entry that has a name keeps it. */
final class Placing {
    private final StagedTree tree;
    private final Template template;
    private final Albums albums;
    private final Supplier<NodeId> ids;
    private final long nowNanos;
    private final Map<Place, Integer> lastNumbers = new HashMap<>();

    Placing(StagedTree tree, Template template, Albums albums, Supplier<NodeId> ids, long nowNanos) {
        this.tree = tree;
        this.template = template;
        this.albums = albums;
        this.ids = ids;
        this.nowNanos = nowNanos;
    }

    /** Whether a track's node already is where the template wants it, maybe under a numbered name. */
    boolean isInPlace(NodeRow node, FileRow file) {
        List<String> place = template.place(file, albums.of(file));
        if (!Names.isNumbered(node.name(), place.get(place.size() - 1))) {
            return false;
        }
        NodeId directory = node.parent();
        for (int i = place.size() - 2; i >= 0; i--) {
            NodeRow row = tree.evenIfRemoved(directory);
            if (directory.equals(NodeId.ROOT) || !row.name().equals(place.get(i))) {
                return false;
            }
            directory = row.parent();
        }
        return directory.equals(NodeId.ROOT);
    }

    /** Puts a track where the template wants it, with the directories that are missing. */
    void place(FileRow file, Optional<NodeId> existing) {
        List<String> place = template.place(file, albums.of(file));
        NodeId directory = NodeId.ROOT;
        for (String name : place.subList(0, place.size() - 1)) {
            directory = directory(directory, name);
        }
        String name = freeName(new Place(directory, place.get(place.size() - 1)));
        tree.put(row(existing.orElseGet(ids), new Place(directory, name), file));
    }

    /** The row of a node that shows a file. */
    static NodeRow row(NodeId id, Place place, FileRow file) {
        return new NodeRow(
                id,
                place.parent(),
                place.name(),
                file.id(),
                file.version().sizeBytes(),
                file.version().mtimeNanos());
    }

    private NodeId directory(NodeId parent, String wanted) {
        for (int number = 1; ; number++) {
            String name = Names.numbered(wanted, number);
            Optional<NodeRow> holder = tree.at(new Place(parent, name));
            if (holder.isEmpty()) {
                NodeId id = ids.get();
                tree.put(new NodeRow(id, parent, name, 0, 0, nowNanos));
                return id;
            }
            if (holder.get().isDirectory()) {
                return holder.get().id();
            }
        }
    }

    private String freeName(Place wanted) {
        int number = lastNumbers.getOrDefault(wanted, 0) + 1;
        while (tree.at(new Place(wanted.parent(), Names.numbered(wanted.name(), number)))
                .isPresent()) {
            number++;
        }
        lastNumbers.put(wanted, number);
        return Names.numbered(wanted.name(), number);
    }
}
