package dev.musicfs.library;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.CopyRow;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LayoutRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.catalog.ManifestRow;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.testkit.MemoryOrigin;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A catalog in memory that is its own publisher, records every batch and checks that changes fit what it has. */
final class TestingCatalog implements CatalogReader, CatalogWriter, Publisher {
    private final Map<Long, FileRow> files = new TreeMap<>();
    private final TreeSet<RealPath> folders = new TreeSet<>();
    private final List<List<LibraryChange>> batches = new ArrayList<>();
    private final Map<Long, LayoutRow> layouts = new TreeMap<>();
    private long lastId;
    private Optional<RuntimeException> refusal = Optional.empty();

    /** From now on no change is taken, for this reason; or they are again. */
    synchronized void refuse(Optional<RuntimeException> why) {
        refusal = why;
    }

    @Override
    public synchronized Future<Void> publish(List<LibraryChange> batch) {
        if (refusal.isPresent()) {
            return Future.failedFuture(refusal.get());
        }
        batches.add(batch);
        try {
            batch.forEach(this::apply);
            return Future.succeededFuture();
        } catch (AssertionError e) {
            return Future.failedFuture(e);
        }
    }

    private void apply(LibraryChange change) {
        if (change instanceof LibraryChange.Added added) {
            check(at(added.after().path()).isEmpty() && files.put(added.after().id(), added.after()) == null, change);
            keep(added.after(), added.layout());
            RealPath parent = added.after().path().parent();
            check(parent.isRoot() || folders.contains(parent), change);
        } else if (change instanceof LibraryChange.Updated updated) {
            keep(updated.after(), updated.layout());
            check(updated.before().equals(files.put(updated.after().id(), updated.after())), change);
        } else if (change instanceof LibraryChange.Identified identified) {
            check(identified.before().equals(files.put(identified.after().id(), identified.after())), change);
        } else if (change instanceof LibraryChange.Removed removed) {
            check(removed.before().equals(files.remove(removed.before().id())), change);
        } else if (change instanceof LibraryChange.FolderAdded added) {
            check(folders.add(added.path()), change);
        } else if (change instanceof LibraryChange.FolderRemoved removed) {
            check(filesIn(removed.path()).isEmpty() && foldersIn(removed.path()).isEmpty(), change);
            check(folders.remove(removed.path()), change);
        } else if (change instanceof LibraryChange.CoverChosen covers) {
            check(covers.cover().map(row -> row.equals(files.get(row.id()))).orElse(true), change);
        }
    }

    private void keep(FileRow row, Optional<AudioLayout> layout) {
        layout.ifPresent(known -> layouts.put(row.id(), new LayoutRow(row.id(), row.version(), known)));
    }

    private static void check(boolean fits, LibraryChange change) {
        if (!fits) {
            throw new AssertionError("does not fit the catalog: " + change);
        }
    }

    /** What was published since the last call. */
    synchronized List<List<LibraryChange>> takeBatches() {
        List<List<LibraryChange>> taken = List.copyOf(batches);
        batches.clear();
        return taken;
    }

    synchronized List<LibraryChange> takeChanges() {
        return takeBatches().stream().flatMap(List::stream).toList();
    }

    synchronized Optional<FileRow> at(RealPath path) {
        return files.values().stream().filter(row -> row.path().equals(path)).findFirst();
    }

    synchronized FileRow at(String path) {
        return at(new RealPath(path)).orElseThrow();
    }

    synchronized int size() {
        return files.size();
    }

    private synchronized List<FileRow> filesIn(RealPath folder) {
        return files.values().stream()
                .filter(row -> MemoryOrigin.liesIn(folder, row.path()))
                .sorted(Comparator.comparing(FileRow::path))
                .toList();
    }

    private synchronized List<RealPath> foldersIn(RealPath folder) {
        return folders.stream()
                .filter(path -> MemoryOrigin.liesIn(folder, path))
                .toList();
    }

    @Override
    public Optional<NodeRow> nodeBlocking(NodeId node) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<NodeRow> childBlocking(NodeId directory, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<NodeRow> childrenBlocking(NodeId directory, String afterName, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<NodeRow> nodesOfFileBlocking(long fileId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized Optional<FileRow> fileBlocking(long fileId) {
        return Optional.ofNullable(files.get(fileId));
    }

    @Override
    public List<FileRow> filesInBlocking(OriginId origin, RealPath folder, int limit) {
        return filesIn(folder).stream().limit(limit).toList();
    }

    @Override
    public synchronized List<FileRow> filesWithKeyBlocking(OriginId origin, long fileKey, int limit) {
        return files.values().stream()
                .filter(row -> fileKey != 0 && row.fileKey() == fileKey)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized long damagedFilesBlocking(OriginId origin) {
        return files.values().stream().filter(row -> !row.wellFormed()).count();
    }

    @Override
    public List<RealPath> foldersInBlocking(OriginId origin, RealPath folder) {
        return foldersIn(folder);
    }

    @Override
    public Totals totalsBlocking() {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized Optional<LayoutRow> layoutBlocking(long fileId) {
        return Optional.ofNullable(layouts.get(fileId));
    }

    @Override
    public Optional<ManifestRow> manifestBlocking(long fileId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long manifestCountBlocking() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<CopyRow> copiesBlocking(long fileId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Long> leaderOfBlocking(long fileId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<FileRow> filesAtBlocking(RealPath path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<FileRow> filesWithAudioBlocking(String streamHash, long audioBytes, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<FileRow> filesWithContentBlocking(ChunkId content, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ChunkId> contentBlocking(long fileId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<OriginId> originsBlocking() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<FileRow> filesAfterBlocking(long afterId, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> settingBlocking(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isPinnedBlocking(long fileId) {
        return pinnedFilesBlocking().contains(fileId);
    }

    @Override
    public List<Long> pinnedFilesBlocking() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void pinnedChunksBlocking(Consumer<ChunkId> each) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> apply(List<Mutation> mutations) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized long nextFileId() {
        return ++lastId;
    }

    @Override
    public NodeId nextNodeId() {
        throw new UnsupportedOperationException();
    }
}
