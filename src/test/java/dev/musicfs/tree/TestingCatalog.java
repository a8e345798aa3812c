package dev.musicfs.tree;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.CatalogWriter;
import dev.musicfs.catalog.CopyRow;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LayoutRow;
import dev.musicfs.catalog.ManifestRow;
import dev.musicfs.catalog.Mutation;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.tree.template.Names;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A catalog in memory that insists on the rules of the real one and counts its queries. */
final class TestingCatalog implements CatalogReader, CatalogWriter {
    final AtomicInteger pointQueries = new AtomicInteger();
    final AtomicInteger listings = new AtomicInteger();
    final List<List<Mutation>> transactions = new ArrayList<>();
    Optional<RuntimeException> nextFailure = Optional.empty();
    /** Whether it is thrown, as none should, instead of told. */
    boolean throwing;

    private volatile Optional<RuntimeException> failedReads = Optional.empty();

    private final AtomicLong fileIds = new AtomicLong();
    private final AtomicLong nodeIds = new AtomicLong(1);
    private Map<NodeId, NodeRow> nodes = new HashMap<>();
    private Map<Long, FileRow> files = new HashMap<>();
    private Set<StagedFiles.Folder> folders = new HashSet<>();

    TestingCatalog() {
        nodes.put(NodeId.ROOT, new NodeRow(NodeId.ROOT, NodeId.ROOT, "", 0, 0, 0));
    }

    /** From now on reading files and the nodes of files throws this; empty ends that. */
    void failReads(Optional<RuntimeException> failure) {
        failedReads = failure;
    }

    @Override
    public synchronized Optional<NodeRow> nodeBlocking(NodeId node) {
        pointQueries.incrementAndGet();
        return Optional.ofNullable(nodes.get(node));
    }

    @Override
    public synchronized Optional<NodeRow> childBlocking(NodeId directory, String name) {
        pointQueries.incrementAndGet();
        return children(directory).filter(row -> row.name().equals(name)).findFirst();
    }

    @Override
    public synchronized List<NodeRow> childrenBlocking(NodeId directory, String afterName, int limit) {
        listings.incrementAndGet();
        return children(directory)
                .filter(row -> Names.BYTE_ORDER.compare(row.name(), afterName) > 0)
                .sorted((a, b) -> Names.BYTE_ORDER.compare(a.name(), b.name()))
                .limit(limit)
                .toList();
    }

    private java.util.stream.Stream<NodeRow> children(NodeId directory) {
        return nodes.values().stream()
                .filter(row -> row.parent().equals(directory) && !row.id().equals(NodeId.ROOT));
    }

    @Override
    public synchronized List<NodeRow> nodesOfFileBlocking(long fileId) {
        if (failedReads.isPresent()) {
            throw failedReads.get();
        }
        return nodes.values().stream().filter(row -> row.fileId() == fileId).toList();
    }

    @Override
    public synchronized Optional<FileRow> fileBlocking(long fileId) {
        return Optional.ofNullable(files.get(fileId));
    }

    @Override
    public synchronized List<FileRow> filesInBlocking(OriginId origin, RealPath folder, int limit) {
        return files.values().stream()
                .filter(file ->
                        file.origin().equals(origin) && file.path().parent().equals(folder))
                .sorted(Comparator.comparing(FileRow::path))
                .limit(limit)
                .toList();
    }

    @Override
    public List<FileRow> filesWithKeyBlocking(OriginId origin, long fileKey, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized long damagedFilesBlocking(OriginId origin) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized List<RealPath> foldersInBlocking(OriginId origin, RealPath folder) {
        return folders.stream()
                .filter(row ->
                        row.origin().equals(origin) && row.path().parent().equals(folder))
                .map(StagedFiles.Folder::path)
                .sorted()
                .toList();
    }

    @Override
    public synchronized Totals totalsBlocking() {
        long directories = nodes.values().stream().filter(NodeRow::isDirectory).count();
        long bytes = nodes.values().stream().mapToLong(NodeRow::sizeBytes).sum();
        return new Totals(nodes.size() - directories, directories, bytes);
    }

    @Override
    public Optional<LayoutRow> layoutBlocking(long fileId) {
        throw new UnsupportedOperationException();
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
        return fileBlocking(fileId).stream()
                .map(file -> new CopyRow(file, CopyRow.Relation.LEADER, Optional.empty()))
                .toList();
    }

    @Override
    public Optional<Long> leaderOfBlocking(long fileId) {
        return fileBlocking(fileId).map(FileRow::id);
    }

    @Override
    public synchronized List<FileRow> filesAtBlocking(RealPath path) {
        return files.values().stream().filter(file -> file.path().equals(path)).toList();
    }

    @Override
    public List<FileRow> filesWithAudioBlocking(String streamHash, long audioBytes, int limit) {
        return List.of();
    }

    @Override
    public List<FileRow> filesWithContentBlocking(ChunkId content, int limit) {
        return List.of();
    }

    @Override
    public Optional<ChunkId> contentBlocking(long fileId) {
        return Optional.empty();
    }

    @Override
    public List<OriginId> originsBlocking() {
        return List.of();
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
    public synchronized Future<Void> apply(List<Mutation> mutations) {
        if (nextFailure.isPresent()) {
            RuntimeException failure = nextFailure.get();
            nextFailure = Optional.empty();
            if (throwing) {
                throw failure;
            }
            return Future.failedFuture(failure);
        }
        transactions.add(mutations);
        Map<NodeId, NodeRow> oldNodes = new HashMap<>(nodes);
        Map<Long, FileRow> oldFiles = new HashMap<>(files);
        Set<StagedFiles.Folder> oldFolders = new HashSet<>(folders);
        try {
            mutations.forEach(this::apply);
            for (NodeRow node : nodes.values()) {
                check(node.isDirectory() || files.containsKey(node.fileId()), node + " shows no file");
            }
            return Future.succeededFuture();
        } catch (IllegalStateException broken) {
            nodes = oldNodes;
            files = oldFiles;
            folders = oldFolders;
            return Future.failedFuture(broken);
        }
    }

    private void apply(Mutation mutation) {
        if (mutation instanceof Mutation.PutFile put) {
            FileRow file = put.file();
            check(
                    files.values().stream()
                            .noneMatch(other -> other.id() != file.id()
                                    && other.origin().equals(file.origin())
                                    && other.path().equals(file.path())),
                    "two files at " + file.path());
            files.put(file.id(), file);
        } else if (mutation instanceof Mutation.VacatePath vacate) {
            files.remove(vacate.fileId()); // the put that must follow brings it back
        } else if (mutation instanceof Mutation.RemoveFile remove) {
            files.remove(remove.fileId());
        } else if (mutation instanceof Mutation.PutFolder put) {
            folders.add(new StagedFiles.Folder(put.origin(), put.path()));
        } else if (mutation instanceof Mutation.RemoveFolder remove) {
            folders.remove(new StagedFiles.Folder(remove.origin(), remove.path()));
        } else if (mutation instanceof Mutation.PutNode put) {
            NodeRow node = put.node();
            check(nodes.containsKey(node.parent()), node + " is in no directory");
            check(
                    children(node.parent())
                            .noneMatch(row ->
                                    row.name().equals(node.name()) && !row.id().equals(node.id())),
                    "two entries " + node.name());
            nodes.put(node.id(), node);
        } else if (mutation instanceof Mutation.RemoveNode remove) {
            check(!remove.node().equals(NodeId.ROOT), "the root is removed");
            check(children(remove.node()).findAny().isEmpty(), remove.node() + " is not empty");
            check(nodes.remove(remove.node()) != null, remove.node() + " is not there");
        }
    }

    private static void check(boolean rule, String broken) {
        if (!rule) {
            throw new IllegalStateException(broken);
        }
    }

    @Override
    public long nextFileId() {
        return fileIds.incrementAndGet();
    }

    @Override
    public NodeId nextNodeId() {
        return new NodeId(nodeIds.incrementAndGet());
    }
}
