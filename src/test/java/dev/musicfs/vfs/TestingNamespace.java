package dev.musicfs.vfs;

import dev.musicfs.catalog.CatalogReader.Totals;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A tree in memory; what is pending becomes visible when it is published. */
public final class TestingNamespace implements Namespace {
    private final Map<NodeId, NodeRow> nodes = new ConcurrentHashMap<>();
    private final List<NodeRow> pendingPuts = new ArrayList<>();
    private final List<NodeRow> pendingRemovals = new ArrayList<>();

    private volatile Optional<RuntimeException> defect = Optional.empty();

    public TestingNamespace() {
        put(new NodeRow(NodeId.ROOT, NodeId.ROOT, "", 0, 0, 1_000_000_000L));
    }

    public NodeRow directory(long id, NodeId parent, String name) {
        return put(new NodeRow(new NodeId(id), parent, name, 0, 0, 1_500_000_000_000_000_001L));
    }

    public NodeRow put(NodeRow node) {
        nodes.put(node.id(), node);
        return node;
    }

    /** Visible only when published as created, moved or changed. */
    public synchronized void pend(NodeRow node) {
        pendingPuts.add(node);
    }

    public synchronized void pendRemoval(NodeRow node) {
        pendingRemovals.add(node);
    }

    /** From now on lookups throw this. */
    public void breakWith(RuntimeException thrown) {
        defect = Optional.of(thrown);
    }

    /** From now on they do not. */
    public void mend() {
        defect = Optional.empty();
    }

    @Override
    public Optional<NodeRow> lookup(NodeId parent, String name) {
        if (defect.isPresent()) {
            throw defect.get();
        }
        return nodes.values().stream()
                .filter(node -> isIn(node, parent) && node.name().equals(name))
                .findFirst();
    }

    private static boolean isIn(NodeRow node, NodeId parent) {
        return node.parent().equals(parent) && !node.id().equals(NodeId.ROOT);
    }

    @Override
    public Optional<NodeRow> node(NodeId id) {
        return Optional.ofNullable(nodes.get(id));
    }

    @Override
    public List<NodeRow> children(NodeId directory, String afterName, int limit) {
        TreeMap<String, NodeRow> sorted = new TreeMap<>();
        nodes.values().stream().filter(node -> isIn(node, directory)).forEach(node -> sorted.put(node.name(), node));
        return sorted.tailMap(afterName, false).values().stream().limit(limit).toList();
    }

    @Override
    public Totals totals() {
        long directories = nodes.values().stream().filter(NodeRow::isDirectory).count();
        long bytes = nodes.values().stream().mapToLong(NodeRow::sizeBytes).sum();
        return new Totals(nodes.size() - directories, directories, bytes);
    }

    @Override
    public boolean publishCreated(NodeId parent, String name) {
        return publish(parent, name);
    }

    @Override
    public synchronized boolean publishRemoved(NodeId parent, String name) {
        return lookup(parent, name)
                .filter(pendingRemovals::remove)
                .map(node -> nodes.remove(node.id()) != null)
                .orElse(false);
    }

    @Override
    public boolean publishMoved(NodeId fromParent, String fromName, NodeId toParent, String toName) {
        return publish(toParent, toName);
    }

    @Override
    public synchronized boolean publishChanged(NodeId file) {
        Optional<NodeRow> pending =
                pendingPuts.stream().filter(node -> node.id().equals(file)).findFirst();
        pending.ifPresent(node -> {
            pendingPuts.remove(node);
            put(node);
        });
        return pending.isPresent();
    }

    private synchronized boolean publish(NodeId parent, String name) {
        return pendingPuts.stream()
                .filter(node -> isIn(node, parent) && node.name().equals(name))
                .findFirst()
                .map(node -> publishChanged(node.id()))
                .orElse(false);
    }
}
