package dev.musicfs.tree;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.catalog.Mutation.TakeOvers.TakeOver;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.tree.StagedFiles.Folder;
import dev.musicfs.tree.copies.CopyGroup;
import dev.musicfs.tree.copies.CopyGroups;
import dev.musicfs.tree.copies.TrackFile;
import dev.musicfs.tree.template.Template;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** What a batch of changes means for the catalog: read from it on the calling thread, written by nobody yet. */
final class BatchPlan {
    private record Arrival(FileRow file, Optional<NodeId> node) {}

    private final StagedTree tree;
    private final StagedFiles files;
    private final CoverPlacing covers;
    private final Albums albums;
    private final Placing placing;
    private final CopyGroups copies;
    private final long nowNanos;
    private final Set<Long> shown = new HashSet<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<TakeOver> inheritances = new ArrayList<>();
    private final List<TakeOver> takeovers = new ArrayList<>();
    private final List<Mutation> follows = new ArrayList<>();
    private final List<Mutation> removedFiles = new ArrayList<>();
    private final List<Mutation> putFiles = new ArrayList<>();
    private final List<Mutation> putLayouts = new ArrayList<>();
    private final List<Mutation> putFolders = new ArrayList<>();
    private final List<Mutation> removedFolders = new ArrayList<>();

    private BatchPlan(
            CatalogReader reader,
            Template template,
            ToIntFunction<OriginId> ranks,
            CoverlessFolders coverless,
            Supplier<NodeId> ids,
            long nowNanos) {
        this.tree = new StagedTree(reader);
        this.files = new StagedFiles(reader);
        this.copies = new CopyGroups(reader, ranks);
        this.covers = new CoverPlacing(reader, tree, files, ranks, coverless, ids);
        this.albums = new Albums(files);
        this.placing = new Placing(tree, template, albums, ids, nowNanos);
        this.nowNanos = nowNanos;
    }

    /** Plans a batch; fails as the reader does. */
    static BatchPlan ofBlocking(
            List<LibraryChange> batch,
            CatalogReader reader,
            Template template,
            ToIntFunction<OriginId> ranks,
            CoverlessFolders coverless,
            Supplier<NodeId> ids,
            long nowNanos) {
        BatchPlan plan = new BatchPlan(reader, template, ranks, coverless, ids, nowNanos);
        batch.forEach(plan::take);
        plan.letPathsBeTakenOver(batch);
        plan.copies.settle().stream().filter(CopyGroup::isTouched).forEach(plan::show);
        plan.copies
                .withoutHeir()
                .forEach(copy -> plan.tree.nodesOf(copy.file().id()).forEach(plan.tree::remove));
        plan.albums.neighbours().forEach(plan::showAnew);
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
        takeOver(inheritances, all);
        all.addAll(removedFiles);
        all.addAll(putFolders);
        all.addAll(putFiles);
        all.addAll(putLayouts);
        takeOver(takeovers, all);
        all.addAll(follows);
        all.addAll(changes.putsOfNodes());
        all.addAll(changes.removalsOfDirectories());
        all.addAll(removedFolders);
        return all;
    }

    private static void takeOver(List<TakeOver> takeovers, List<Mutation> mutations) {
        if (!takeovers.isEmpty()) {
            mutations.add(new Mutation.TakeOvers(takeovers));
        }
    }

    private void take(LibraryChange change) {
        if (change instanceof LibraryChange.Added added) {
            put(added.after(), added.layout());
            if (added.after().kind() == FileKind.AUDIO) {
                copies.add(added.after(), added.layout());
            }
        } else if (change instanceof LibraryChange.Updated updated) {
            covers.touch(updated.before());
            albums.touch(updated.before());
            put(updated.after(), updated.layout());
            if (updated.after().kind() == FileKind.AUDIO) {
                copies.update(updated.before(), updated.after(), updated.layout());
            }
        } else if (change instanceof LibraryChange.Identified identified) {
            identify(identified.before(), identified.after());
        } else if (change instanceof LibraryChange.Removed removed) {
            remove(removed.before());
        } else if (change instanceof LibraryChange.FolderAdded added) {
            putFolders.add(new Mutation.PutFolder(added.origin(), added.path()));
        } else if (change instanceof LibraryChange.FolderRemoved removed) {
            files.removeFolder(new Folder(removed.origin(), removed.path()));
            removedFolders.add(new Mutation.RemoveFolder(removed.origin(), removed.path()));
        } else if (change instanceof LibraryChange.CoverChosen chosen) {
            covers.choose(new Folder(chosen.origin(), chosen.folder()), chosen.cover());
        } else if (change instanceof LibraryChange.Reconsidered track) {
            copies.reconsider(track.fileId());
        }
    }

    private void put(FileRow file, Optional<AudioLayout> layout) {
        files.put(file);
        covers.touch(file);
        albums.touch(file);
        putFiles.add(new Mutation.PutFile(file));
        layout.ifPresent(known -> putLayouts.add(new Mutation.PutLayout(file.id(), file.version(), known)));
    }

    // Nothing that is shown changes, and the copies that know it by its path or audio still do.
    private void identify(FileRow before, FileRow after) {
        files.put(after);
        putFiles.add(new Mutation.PutFile(after));
        putLayouts.add(new Mutation.RenameVersion(after.id(), before.version(), after.version()));
    }

    private void remove(FileRow file) {
        files.remove(file);
        covers.touch(file);
        albums.touch(file);
        removedFiles.add(new Mutation.RemoveFile(file.id()));
        if (file.kind() == FileKind.AUDIO) {
            copies.remove(file);
        } else {
            tree.nodesOf(file.id()).forEach(covers::takeAway);
        }
    }

    /** A track that did not change may belong elsewhere when others of its album did. */
    private void showAnew(FileRow track) {
        if (!shown.contains(track.id())) {
            tree.nodesOf(track.id()).stream()
                    .filter(node -> !placing.isInPlace(node, track))
                    .forEach(node -> move(node, track));
        }
    }

    private void move(NodeRow node, FileRow track) {
        covers.touch(track);
        // Its name is free for others from here on, so that tracks can swap theirs.
        tree.remove(node);
        arrivals.add(new Arrival(track, Optional.of(node.id())));
    }

    // A track keeps the oldest of its nodes: that is the one that others know longest.
    private void show(CopyGroup group) {
        FileRow leader = group.leader().file();
        shown.add(leader.id());
        for (TrackFile member : group.members()) {
            if (member.shown() != leader.id() && (member.shown() != 0 || member != group.leader())) {
                long shown = member == group.leader() ? 0 : leader.id();
                follows.add(new Mutation.Follow(member.file().id(), shown));
            }
            files.follow(member.file().id(), leader.id());
            if (group.members().size() > 1) {
                covers.touch(member.file());
            }
        }
        List<NodeRow> nodes = new ArrayList<>();
        group.owners().forEach(owner -> nodes.addAll(tree.nodesOf(owner.file().id())));
        nodes.sort(Comparator.comparingLong(node -> node.id().value()));
        if (nodes.isEmpty()) {
            arrivals.add(new Arrival(leader, Optional.empty()));
            return;
        }
        NodeRow kept = nodes.get(0);
        nodes.subList(1, nodes.size()).forEach(tree::remove);
        if (kept.fileId() != leader.id()) {
            succeed(kept.fileId(), group.leader());
        }
        if (placing.isInPlace(kept, leader)) {
            tree.put(Placing.row(kept.id(), Place.of(kept), leader));
        } else {
            move(kept, leader);
        }
    }

    private void succeed(long formerId, TrackFile leader) {
        copies.copy(formerId).ifPresent(former -> {
            TakeOver takeover = new TakeOver(formerId, leader.file().id(), leader.isWholeCopyOf(former));
            (copies.isGone(formerId) ? inheritances : takeovers).add(takeover);
        });
    }

    // The path of a file is unique at every instant; who gives his to another of the batch has none meanwhile.
    private void letPathsBeTakenOver(List<LibraryChange> batch) {
        Set<Object> taken = new HashSet<>();
        for (Mutation put : putFiles) {
            FileRow file = ((Mutation.PutFile) put).file();
            taken.add(List.of(file.origin(), file.path()));
        }
        for (LibraryChange change : batch) {
            if (change instanceof LibraryChange.Updated updated
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
