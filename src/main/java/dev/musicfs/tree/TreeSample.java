package dev.musicfs.tree;

import dev.musicfs.catalog.CatalogReader.Totals;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import java.io.PrintStream;
import java.util.Locale;

/** Shows people what a tree is like. */
public final class TreeSample {
    private static final int SAMPLES = 20;
    private static final int PAGE = 200;

    private TreeSample() {}

    /** Prints the first paths, in the order of a walk, and how much there is in all. Blocks; fails as {@link Tree} does. */
    public static void printBlocking(Tree tree, PrintStream out) {
        printBlocking(tree, NodeId.ROOT, "", SAMPLES, out);
        Totals totals = tree.totalsBlocking();
        out.printf(
                Locale.ROOT,
                "musicfs: %d files in %d directories, %d bytes; nothing was mounted%n",
                totals.files(),
                totals.directories() - 1,
                totals.bytes());
    }

    private static int printBlocking(Tree tree, NodeId directory, String path, int wanted, PrintStream out) {
        int left = wanted;
        for (NodeRow child : tree.childrenBlocking(directory, "", PAGE)) {
            if (left == 0) {
                return 0;
            }
            String childPath = path + "/" + child.name();
            if (child.isDirectory()) {
                left = printBlocking(tree, child.id(), childPath, left, out);
            } else {
                out.println(childPath);
                left--;
            }
        }
        return left;
    }
}
