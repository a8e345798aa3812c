package dev.musicfs.tree;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import dev.musicfs.tree.StagedFiles.Folder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Shows the cover of an origin's folder in the one directory of the tree that holds all its tracks. Damaged tracks,
 * which lie among the unknown ones, do not count. A directory shows one cover; the first that is there stays.
 */
final class CoverPlacing {
    private static final List<String> BEST_FIRST = List.of("cover", "folder", "front", "album");
    private static final List<String> EXTENSIONS = List.of("jpg", "png", "webp", "gif");

    private record Decision(FileRow cover, NodeId directory, Optional<NodeId> node) {}

    private final StagedTree tree;
    private final StagedFiles files;
    private final CoverlessFolders coverless;
    private final Supplier<NodeId> ids;
    private final Set<Folder> affected = new LinkedHashSet<>();
    private final Map<Folder, Optional<FileRow>> chosen = new HashMap<>();

    CoverPlacing(StagedTree tree, StagedFiles files, CoverlessFolders coverless, Supplier<NodeId> ids) {
        this.tree = tree;
        this.files = files;
        this.coverless = coverless;
        this.ids = ids;
    }

    /** Something about this file changed that may concern the cover of its folder or of the one above. */
    void touch(FileRow file) {
        Folder folder = Folder.of(file);
        if (file.kind() == FileKind.COVER) {
            coverless.remove(folder);
        }
        affected.add(folder);
        affected.add(new Folder(folder.origin(), folder.path().parent()));
    }

    /** The library's own choice. */
    void choose(Folder folder, Optional<FileRow> cover) {
        coverless.remove(folder);
        affected.add(folder);
        chosen.put(folder, cover);
    }

    /** To be called when all tracks are in their places. */
    void place() {
        List<Decision> decisions = new ArrayList<>();
        for (Folder folder : affected) {
            if (!coverless.contains(folder)) {
                decide(folder).ifPresent(decisions::add);
            }
        }
        decisions.forEach(this::show);
    }

    private Optional<Decision> decide(Folder folder) {
        List<FileRow> covers = files.in(folder).stream()
                .filter(file -> file.kind() == FileKind.COVER)
                .toList();
        if (covers.isEmpty()) {
            coverless.add(folder);
            return Optional.empty();
        }
        Optional<FileRow> cover = choice(folder, covers);
        Optional<NodeId> directory = cover.flatMap(file -> directoryOf(folder));
        Optional<NodeId> kept = Optional.empty();
        for (FileRow file : covers) {
            for (NodeRow shown : tree.nodesOf(file.id())) {
                boolean stays = directory.isPresent()
                        && cover.isPresent()
                        && file.id() == cover.get().id();
                // Taken out first: all covers that leave make room before any is put somewhere.
                if (!stays || !directory.get().equals(shown.parent())) {
                    tree.remove(shown);
                }
                if (stays && kept.isEmpty()) {
                    kept = Optional.of(shown.id());
                }
            }
        }
        Optional<NodeId> node = kept;
        return directory.map(dir -> new Decision(cover.orElseThrow(), dir, node));
    }

    private Optional<FileRow> choice(Folder folder, List<FileRow> covers) {
        Optional<FileRow> told = chosen.get(folder);
        if (told != null) {
            return told.flatMap(best ->
                    covers.stream().filter(file -> file.id() == best.id()).findFirst());
        }
        return covers.stream()
                .filter(file -> !tree.nodesOf(file.id()).isEmpty())
                .findFirst()
                .or(() -> covers.stream().min(Comparator.comparingInt(CoverPlacing::rank)));
    }

    private static int rank(FileRow cover) {
        String name = cover.path().name().toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        int index = BEST_FIRST.indexOf(dot < 1 ? name : name.substring(0, dot));
        return index < 0 ? BEST_FIRST.size() : index;
    }

    private Optional<NodeId> directoryOf(Folder folder) {
        List<FileRow> tracks = tracksIn(folder);
        if (tracks.isEmpty()) {
            tracks = files.below(folder).stream()
                    .flatMap(below -> tracksIn(below).stream())
                    .toList();
        }
        Set<NodeId> directories = new HashSet<>();
        for (FileRow track : tracks) {
            tree.nodesOf(track.id()).forEach(node -> directories.add(node.parent()));
            if (directories.size() > 1) {
                return Optional.empty();
            }
        }
        return directories.stream()
                .filter(directory -> !directory.equals(NodeId.ROOT))
                .findFirst();
    }

    private List<FileRow> tracksIn(Folder folder) {
        return files.in(folder).stream()
                .filter(file -> file.kind() == FileKind.AUDIO && file.wellFormed())
                .toList();
    }

    private void show(Decision decision) {
        String extension = decision.cover().path().extension();
        String name = Names.clean("cover." + (extension.equals("jpeg") || extension.isEmpty() ? "jpg" : extension));
        Set<String> names = new LinkedHashSet<>();
        names.add(name);
        EXTENSIONS.forEach(other -> names.add("cover." + other));
        boolean taken = names.stream()
                .flatMap(other -> tree.at(new Place(decision.directory(), other)).stream())
                .anyMatch(holder -> holder.fileId() != decision.cover().id());
        if (!taken) {
            NodeId id = decision.node().orElseGet(ids);
            tree.put(Placing.row(id, new Place(decision.directory(), name), decision.cover()));
        }
    }
}
