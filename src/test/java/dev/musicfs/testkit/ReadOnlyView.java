package dev.musicfs.testkit;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Directories that refuse every write with EROFS as long as this is open, while files opened before may be written: each
 * is mounted over itself, read-only. Only root can do that.
 */
public final class ReadOnlyView implements AutoCloseable {
    private final Deque<Path> mounted = new ArrayDeque<>();

    private ReadOnlyView() {}

    /** Makes existing directories read-only. Tests of others than root are skipped here. */
    public static ReadOnlyView of(Path... directories) {
        assumeThat(System.getProperty("user.name")).as("only root can mount").isEqualTo("root");
        ReadOnlyView view = new ReadOnlyView();
        try {
            for (Path directory : directories) {
                Shell.require("mount", "--bind", directory.toString(), directory.toString());
                view.mounted.push(directory);
                Shell.require("mount", "-o", "remount,bind,ro", directory.toString());
            }
            return view;
        } catch (AssertionError e) {
            view.close();
            throw e;
        }
    }

    /** What is read-only now. */
    public List<Path> paths() {
        return List.copyOf(mounted);
    }

    @Override
    public void close() {
        while (!mounted.isEmpty()) {
            Shell.require("umount", "-l", mounted.pop().toString());
        }
    }
}
