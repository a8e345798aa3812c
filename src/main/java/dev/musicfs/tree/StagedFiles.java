package dev.musicfs.tree;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The origins' files and folders as they will be after a batch. For one thread. */
final class StagedFiles {
    /** A directory of an origin. */
    record Folder(OriginId origin, RealPath path) {
        static Folder of(FileRow file) {
            return new Folder(file.origin(), file.path().parent());
        }
    }

    private final CatalogReader reader;
    private final Map<Long, Optional<FileRow>> after = new HashMap<>();
    private final Map<Folder, Map<Long, FileRow>> staged = new LinkedHashMap<>();
    private final Map<Folder, List<FileRow>> stored = new HashMap<>();
    private final Map<Long, Long> leaders = new HashMap<>();
    private final Set<Folder> removedFolders = new HashSet<>();

    StagedFiles(CatalogReader reader) {
        this.reader = reader;
    }

    void put(FileRow file) {
        after.put(file.id(), Optional.of(file));
        staged.computeIfAbsent(Folder.of(file), f -> new LinkedHashMap<>()).put(file.id(), file);
    }

    void remove(FileRow file) {
        after.put(file.id(), Optional.empty());
    }

    /** Says which file is shown for a track from now on. */
    void follow(long fileId, long leaderId) {
        leaders.put(fileId, leaderId);
    }

    /** The file that is shown for a track. */
    long leaderOf(long fileId) {
        Long staged = leaders.get(fileId);
        return staged != null ? staged : reader.leaderOfBlocking(fileId).orElse(fileId);
    }

    /** A file as it will be. */
    Optional<FileRow> file(long fileId) {
        Optional<FileRow> known = after.get(fileId);
        return known != null ? known : reader.fileBlocking(fileId);
    }

    void removeFolder(Folder folder) {
        removedFolders.add(folder);
    }

    /** Ordered by path. */
    List<FileRow> in(Folder folder) {
        return in(folder, stored.computeIfAbsent(folder, key -> reader.filesInBlocking(key.origin(), key.path())));
    }

    /** As many of them as the catalog has, if that is no more than {@code most}; ordered by path. */
    Optional<List<FileRow>> inUnlessMore(Folder folder, int most) {
        List<FileRow> before = stored.get(folder);
        if (before == null) {
            before = reader.filesInBlocking(folder.origin(), folder.path(), most + 1);
            if (before.size() <= most) {
                stored.put(folder, before);
            }
        }
        return before.size() > most ? Optional.empty() : Optional.of(in(folder, before));
    }

    private List<FileRow> in(Folder folder, List<FileRow> before) {
        Map<Long, FileRow> files = new LinkedHashMap<>();
        for (FileRow file : before) {
            if (!after.containsKey(file.id())) {
                files.put(file.id(), file);
            }
        }
        for (FileRow file : staged.getOrDefault(folder, Map.of()).values()) {
            if (after.getOrDefault(file.id(), Optional.empty()).equals(Optional.of(file))) {
                files.put(file.id(), file);
            }
        }
        return files.values().stream()
                .sorted(Comparator.comparing(FileRow::path))
                .toList();
    }

    /** The folders directly below that hold or may hold files. */
    List<Folder> below(Folder folder) {
        Set<RealPath> paths = new TreeSet<>(reader.foldersInBlocking(folder.origin(), folder.path()));
        for (Folder other : staged.keySet()) {
            if (other.origin().equals(folder.origin())
                    && !other.path().isRoot()
                    && other.path().parent().equals(folder.path())) {
                paths.add(other.path());
            }
        }
        return paths.stream()
                .map(path -> new Folder(folder.origin(), path))
                .filter(below -> !removedFolders.contains(below))
                .toList();
    }
}
