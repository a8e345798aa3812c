package dev.musicfs.tree;

import dev.musicfs.catalog.Mutation;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import dev.musicfs.tree.StagedTree.Diff;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The changes of a batch in the one order that works for the catalog and for the mount alike: files go; directories
 * appear, outer ones first; files move, appear and change; directories go, inner ones first. A file that moves away
 * from a name which another takes over goes and appears instead, for no rename swaps two names.
 */
final class NodeChanges {
    private final List<Diff> gone = new ArrayList<>();
    private final List<Diff> newDirectories = new ArrayList<>();
    private final List<Diff> moved = new ArrayList<>();
    private final List<Diff> appeared = new ArrayList<>();
    private final List<Diff> changed = new ArrayList<>();
    private final List<Diff> touchedDirectories = new ArrayList<>();
    private final List<Diff> goneDirectories = new ArrayList<>();

    NodeChanges(StagedTree tree) {
        List<Diff> diffs = tree.diffs();
        Set<Place> entered = new HashSet<>();
        for (Diff diff : diffs) {
            Optional<Place> from = diff.before().map(Place::of);
            diff.after()
                    .map(Place::of)
                    .filter(to -> !from.equals(Optional.of(to)))
                    .ifPresent(entered::add);
        }
        diffs.forEach(diff -> sort(diff, entered));
        goneDirectories.sort((a, b) -> Integer.compare(depth(tree, b), depth(tree, a)));
    }

    private void sort(Diff diff, Set<Place> entered) {
        boolean directory = diff.before().or(diff::after).orElseThrow().isDirectory();
        Optional<Place> from = diff.before().map(Place::of);
        Optional<Place> to = diff.after().map(Place::of);
        if (from.isEmpty()) {
            (directory ? newDirectories : appeared).add(diff);
        } else if (to.isEmpty()) {
            (directory ? goneDirectories : gone).add(diff);
        } else if (from.equals(to)) {
            (directory ? touchedDirectories : changed).add(diff);
        } else if (entered.contains(from.get())) {
            gone.add(new Diff(diff.before(), Optional.empty()));
            appeared.add(new Diff(Optional.empty(), diff.after()));
        } else {
            moved.add(diff);
        }
    }

    private static int depth(StagedTree tree, Diff diff) {
        int depth = 0;
        NodeRow row = diff.before().orElseThrow();
        while (!row.id().equals(NodeId.ROOT)) {
            row = tree.evenIfRemoved(row.parent());
            depth++;
        }
        return depth;
    }

    List<Mutation> removalsOfFileNodes() {
        return removals(gone);
    }

    List<Mutation> removalsOfDirectories() {
        return removals(goneDirectories);
    }

    List<Mutation> putsOfNodes() {
        List<Mutation> puts = new ArrayList<>();
        for (List<Diff> diffs : List.of(newDirectories, moved, appeared, changed, touchedDirectories)) {
            diffs.forEach(diff -> puts.add(new Mutation.PutNode(diff.after().orElseThrow())));
        }
        return puts;
    }

    /** What watchers can be told, in order. That a directory's time changes follows from what happens in it. */
    List<Diff> announceable() {
        List<Diff> all = new ArrayList<>();
        for (List<Diff> diffs : List.of(gone, newDirectories, moved, appeared, changed, goneDirectories)) {
            all.addAll(diffs);
        }
        return all;
    }

    /** Every row that is different from now on, as it was and as it is. */
    List<NodeRow> rows() {
        List<NodeRow> rows = new ArrayList<>();
        for (List<Diff> diffs : List.of(announceable(), touchedDirectories)) {
            for (Diff diff : diffs) {
                diff.before().ifPresent(rows::add);
                diff.after().ifPresent(rows::add);
            }
        }
        return rows;
    }

    private static List<Mutation> removals(List<Diff> diffs) {
        List<Mutation> removals = new ArrayList<>();
        diffs.forEach(diff ->
                removals.add(new Mutation.RemoveNode(diff.before().orElseThrow().id())));
        return removals;
    }
}
