package dev.musicfs.runtime;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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
     * push out the one that was moved first, unless that is a directory with something in it: then this fails, since
     * that is nobody's to delete.
     *
     * @param kept 1 to {@value #KEPT}
     */
    public static Path moveBlocking(Path path, int kept) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null) {
            throw new FileSystemException(path.toString(), null, "it has no place beside it");
        }
        NumberedFiles moved = new NumberedFiles(directory, path.getFileName() + ".damaged-");
        for (Path old : moved.beyond(kept - 1)) {
            Files.delete(old);
        }
        Path free = moved.next();
        Files.move(path, free, StandardCopyOption.ATOMIC_MOVE);
        return free;
    }
}
