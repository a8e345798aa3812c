package dev.musicfs.tree;

import dev.musicfs.catalog.NodeRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Writes down what it is told and lets a test look while the call is under way. */
final class TestingAnnouncer implements Announcer {
    final List<String> events = new ArrayList<>();
    Predicate<NodeRow> known = directory -> true;
    Consumer<String> during = event -> {};

    @Override
    public boolean isKnown(NodeRow directory) {
        return known.test(directory);
    }

    @Override
    public void created(String path, boolean directory) {
        event((directory ? "mkdir " : "create ") + path);
    }

    @Override
    public void removed(String path, boolean directory) {
        event((directory ? "rmdir " : "remove ") + path);
    }

    @Override
    public void moved(String fromPath, String toPath) {
        event("move " + fromPath + " -> " + toPath);
    }

    @Override
    public void changed(String path, long sizeBytes, long mtimeNanos) {
        event("change " + path + " " + sizeBytes + " " + mtimeNanos);
    }

    private void event(String event) {
        events.add(event);
        during.accept(event);
    }
}
