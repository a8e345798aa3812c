package dev.musicfs.runtime;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Moves what is damaged or in the way to {@code NAME.damaged-N} beside its place, where somebody may look at it and
 * nobody trips over it. Blocks.
 */
public final class SetAside {
    /** As many of one name are kept. */
    public static final int KEPT = 3;

    private SetAside() {}

    /** Moves a file, directory or link, and keeps at most {@link #KEPT} of its name; gives its new path. */
    public static Path moveBlocking(Path path) throws IOException {
        return moveBlocking(path, KEPT);
    }

    /**
     * Moves a file, directory or link whatever it is, without following a link. One more than {@code kept} of its name
     * push out the one that has not been changed for longest, unless that is a directory with something in it: then this
     * fails, since that is nobody's to delete.
     *
     * @param kept 1 to {@value #KEPT}
     */
    public static Path moveBlocking(Path path, int kept) throws IOException {
        Path free = freeBlocking(path, kept);
        Files.move(path, free, StandardCopyOption.ATOMIC_MOVE);
        return free;
    }

    private static Path freeBlocking(Path path, int kept) throws IOException {
        Map<Path, FileTime> taken = new TreeMap<>();
        for (Path each : places(path, kept)) {
            if (!Files.exists(each, LinkOption.NOFOLLOW_LINKS)) {
                return each;
            }
            taken.put(each, Files.getLastModifiedTime(each, LinkOption.NOFOLLOW_LINKS));
        }
        Path oldest = taken.entrySet().stream()
                .min(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .orElseThrow(() -> new FileAlreadyExistsException(path.toString()))
                .getKey();
        Files.delete(oldest);
        return oldest;
    }

    private static List<Path> places(Path path, int kept) {
        List<Path> places = new ArrayList<>();
        for (int number = 1; number <= kept; number++) {
            places.add(path.resolveSibling(path.getFileName() + ".damaged-" + number));
        }
        return places;
    }
}
