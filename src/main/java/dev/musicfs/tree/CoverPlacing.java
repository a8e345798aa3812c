package dev.musicfs.tree;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CopyRow;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.tree.StagedFiles.Folder;
import dev.musicfs.tree.template.Names;
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
import java.util.function.ToIntFunction;

/**
 * Shows the cover of an origin's folder in the one directory of the tree that holds all its tracks. Damaged tracks,
 * which lie among the unknown ones, do not count. A directory shows one cover; the first that is there stays.
 */
final class CoverPlacing {
    private static final List<String> BEST_FIRST = List.of("cover", "folder", "front", "album");
    private static final List<String> EXTENSIONS = List.of("jpg", "png", "webp", "gif");

    private record Decision(FileRow cover, NodeId directory, Optional<NodeId> node) {}

    private static final int MOST_NEIGHBOURS = 16;

    private final CatalogReader reader;
    private final StagedTree tree;
    private final StagedFiles files;
    private final ToIntFunction<OriginId> ranks;
    private final CoverlessFolders coverless;
    private final Supplier<NodeId> ids;
    private final Set<Folder> affected = new LinkedHashSet<>();
    private final Map<Folder, Optional<FileRow>> chosen = new HashMap<>();
    private final Set<NodeId> bared = new LinkedHashSet<>();

    CoverPlacing(
            CatalogReader reader,
            StagedTree tree,
            StagedFiles files,
            ToIntFunction<OriginId> ranks,
            CoverlessFolders coverless,
            Supplier<NodeId> ids) {
        this.reader = reader;
        this.ranks = ranks;
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

    /** Hides a cover; the directory it was in may have another. */
    void takeAway(NodeRow shown) {
        tree.remove(shown);
        bared.add(shown.parent());
    }

    /** To be called when all tracks are in their places. */
    void place() {
        place(affected);
        Set<Folder> others = new LinkedHashSet<>();
        bared.forEach(directory -> others.addAll(foldersOf(directory)));
        others.removeAll(affected);
        place(others);
    }

    private void place(Set<Folder> folders) {
        List<Decision> decisions = new ArrayList<>();
        for (Folder folder : folders) {
            if (!coverless.contains(folder)) {
                decide(folder).ifPresent(decisions::add);
            }
        }
        decisions.sort(Comparator.comparingInt(decision -> rankOf(decision.cover())));
        decisions.forEach(this::show);
    }

    /** The folders of all origins whose tracks are shown in a directory, and those above them. */
    private Set<Folder> foldersOf(NodeId directory) {
        Set<Folder> folders = new LinkedHashSet<>();
        for (NodeRow entry : reader.childrenBlocking(directory, "", MOST_NEIGHBOURS)) {
            for (CopyRow copy : entry.isDirectory() ? List.<CopyRow>of() : reader.copiesBlocking(entry.fileId())) {
                Folder folder = Folder.of(copy.file());
                folders.add(folder);
                folders.add(new Folder(folder.origin(), folder.path().parent()));
            }
        }
        return folders;
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
                    takeAway(shown);
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
            nodesFor(track).forEach(node -> directories.add(node.parent()));
            if (directories.size() > 1) {
                return Optional.empty();
            }
        }
        return directories.stream()
                .filter(directory -> !directory.equals(NodeId.ROOT))
                .findFirst();
    }

    private List<NodeRow> nodesFor(FileRow track) {
        List<NodeRow> own = tree.nodesOf(track.id());
        return own.isEmpty() ? tree.nodesOf(files.leaderOf(track.id())) : own;
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
        List<NodeRow> holders = names.stream()
                .flatMap(other -> tree.at(new Place(decision.directory(), other)).stream())
                .filter(holder -> holder.fileId() != decision.cover().id())
                .toList();
        if (holders.stream().allMatch(holder -> isWorse(holder, decision.cover()))) {
            holders.forEach(tree::remove);
            NodeId id = decision.node()
                    .orElseGet(
                            () -> holders.isEmpty() ? ids.get() : holders.get(0).id());
            tree.put(Placing.row(id, new Place(decision.directory(), name), decision.cover()));
        }
    }

    /** Whether this is the cover of an origin that ranks lower. */
    private boolean isWorse(NodeRow holder, FileRow cover) {
        return files.file(holder.fileId())
                .filter(other -> other.kind() == FileKind.COVER && rankOf(other) > rankOf(cover))
                .isPresent();
    }

    private int rankOf(FileRow cover) {
        return ranks.applyAsInt(cover.origin());
    }
}
