package dev.musicfs.tree;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.NodeId;
import dev.musicfs.tree.StagedFiles.Folder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What a batch of changes means for the catalog: read from it on the calling thread, written by nobody yet. */
final class BatchPlan {
    private record Arrival(FileRow file, Optional<NodeId> node) {}

    private final StagedTree tree;
    private final StagedFiles files;
    private final CoverPlacing covers;
    private final Placing placing;
    private final long nowNanos;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<Mutation> removedFiles = new ArrayList<>();
    private final List<Mutation> putFiles = new ArrayList<>();
    private final List<Mutation> putLayouts = new ArrayList<>();
    private final List<Mutation> putFolders = new ArrayList<>();
    private final List<Mutation> removedFolders = new ArrayList<>();

    private BatchPlan(
            CatalogReader reader, Template template, CoverlessFolders coverless, Supplier<NodeId> ids, long nowNanos) {
        this.tree = new StagedTree(reader);
        this.files = new StagedFiles(reader);
        this.covers = new CoverPlacing(tree, files, coverless, ids);
        this.placing = new Placing(tree, template, ids, nowNanos);
        this.nowNanos = nowNanos;
    }

    /** Plans a batch; fails as the reader does. */
    static BatchPlan ofBlocking(
            List<TreeChange> batch,
            CatalogReader reader,
            Template template,
            CoverlessFolders coverless,
            Supplier<NodeId> ids,
            long nowNanos) {
        BatchPlan plan = new BatchPlan(reader, template, coverless, ids, nowNanos);
        batch.forEach(plan::take);
        plan.letPathsBeTakenOver(batch);
        plan.arrivals.stream()
                .sorted(Comparator.comparing(
                                (Arrival arrival) -> arrival.file().origin().value())
                        .thenComparing(arrival -> arrival.file().path()))
                .forEach(arrival -> plan.placing.place(arrival.file(), arrival.node()));
        plan.covers.place();
        plan.tree.directoriesWithChanges().forEach(plan::touchOrRemove);
        return plan;
    }

    StagedTree tree() {
        return tree;
    }

    /** With the changes of nodes, in an order in which no rule is ever broken. */
    List<Mutation> mutations(NodeChanges changes) {
        List<Mutation> all = new ArrayList<>(changes.removalsOfFileNodes());
        all.addAll(removedFiles);
        all.addAll(putFolders);
        all.addAll(putFiles);
        all.addAll(putLayouts);
        all.addAll(changes.putsOfNodes());
        all.addAll(changes.removalsOfDirectories());
        all.addAll(removedFolders);
        return all;
    }

    private void take(TreeChange change) {
        if (change instanceof TreeChange.Added added) {
            put(added.after(), added.layout());
            if (added.after().kind() == FileKind.AUDIO) {
                arrivals.add(new Arrival(added.after(), Optional.empty()));
            }
        } else if (change instanceof TreeChange.Updated updated) {
            covers.touch(updated.before());
            put(updated.after(), updated.layout());
            if (updated.after().kind() == FileKind.AUDIO) {
                updateTrack(updated.after());
            }
        } else if (change instanceof TreeChange.Removed removed) {
            files.remove(removed.before());
            covers.touch(removed.before());
            removedFiles.add(new Mutation.RemoveFile(removed.before().id()));
            tree.nodesOf(removed.before().id()).forEach(tree::remove);
        } else if (change instanceof TreeChange.FolderAdded added) {
            putFolders.add(new Mutation.PutFolder(added.origin(), added.path()));
        } else if (change instanceof TreeChange.FolderRemoved removed) {
            files.removeFolder(new Folder(removed.origin(), removed.path()));
            removedFolders.add(new Mutation.RemoveFolder(removed.origin(), removed.path()));
        } else if (change instanceof TreeChange.Covers best) {
            covers.choose(new Folder(best.origin(), best.folder()), best.cover());
        }
    }

    private void put(FileRow file, Optional<AudioLayout> layout) {
        files.put(file);
        covers.touch(file);
        putFiles.add(new Mutation.PutFile(file));
        layout.ifPresent(known -> putLayouts.add(new Mutation.PutLayout(file.id(), file.version(), known)));
    }

    private void updateTrack(FileRow after) {
        List<NodeRow> nodes = tree.nodesOf(after.id());
        if (nodes.isEmpty()) {
            arrivals.add(new Arrival(after, Optional.empty()));
        }
        for (NodeRow node : nodes) {
            if (placing.isInPlace(node, after)) {
                tree.put(Placing.row(node.id(), Place.of(node), after));
            } else {
                // Its name is free for others from here on, so that tracks can swap theirs.
                tree.remove(node);
                arrivals.add(new Arrival(after, Optional.of(node.id())));
            }
        }
    }

    // The path of a file is unique at every instant; who gives his to another of the batch has none meanwhile.
    private void letPathsBeTakenOver(List<TreeChange> batch) {
        Set<Object> taken = new HashSet<>();
        for (Mutation put : putFiles) {
            FileRow file = ((Mutation.PutFile) put).file();
            taken.add(List.of(file.origin(), file.path()));
        }
        for (TreeChange change : batch) {
            if (change instanceof TreeChange.Updated updated
                    && !updated.before().path().equals(updated.after().path())
                    && taken.contains(
                            List.of(updated.before().origin(), updated.before().path()))) {
                removedFiles.add(new Mutation.VacatePath(updated.after().id()));
            }
        }
    }

    private void touchOrRemove(NodeId id) {
        NodeId directory = id;
        while (!directory.equals(NodeId.ROOT) && tree.isEmpty(directory)) {
            Optional<NodeRow> row = tree.node(directory);
            if (row.isEmpty()) {
                return;
            }
            tree.remove(row.get());
            directory = row.get().parent();
        }
        tree.node(directory)
                .map(row -> new NodeRow(row.id(), row.parent(), row.name(), 0, 0, nowNanos))
                .ifPresent(tree::put);
    }
}
