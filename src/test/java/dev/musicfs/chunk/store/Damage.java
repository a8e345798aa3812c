package dev.musicfs.chunk.store;

import dev.musicfs.testkit.Shell;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** What may have happened to a part of a store. */
public enum Damage {
    MISSING,
    EMPTY,
    TRUNCATED,
    FIRST_PAGE_OVERWRITTEN,
    MIDDLE_OVERWRITTEN,
    DIRECTORY_IN_ITS_PLACE,
    FILE_IN_ITS_PLACE,
    LINK_TO_ELSEWHERE,
    LINK_TO_NOTHING,
    IMMUTABLE,
    LOCKED,
    NEWER_VERSION;

    private static final int PAGE_BYTES = 4096;

    boolean fits(StorePart part) {
        return switch (this) {
            case MISSING, LINK_TO_ELSEWHERE, LINK_TO_NOTHING, IMMUTABLE -> true;
            case EMPTY, TRUNCATED, FIRST_PAGE_OVERWRITTEN, MIDDLE_OVERWRITTEN, DIRECTORY_IN_ITS_PLACE, LOCKED ->
                !part.isDirectory;
            case FILE_IN_ITS_PLACE -> part.isDirectory;
            case NEWER_VERSION -> part.isVersioned;
        };
    }

    /**
     * Does it; the bytes are written into the file there, as by somebody who has it open too.
     *
     * @param elsewhere a directory of somebody else's things
     */
    void doTo(StorePart part, Path path, Path elsewhere, Random random) throws IOException {
        switch (this) {
            case MISSING -> remove(path);
            case EMPTY -> truncate(path, 0);
            case TRUNCATED -> truncate(path, Math.floorMod(random.nextLong(), Math.max(1, Files.size(path))));
            case FIRST_PAGE_OVERWRITTEN -> overwrite(path, 0, PAGE_BYTES, random);
            case MIDDLE_OVERWRITTEN ->
                overwrite(path, Files.size(path) / 3, (int) Math.max(1, Files.size(path) / 2), random);
            case DIRECTORY_IN_ITS_PLACE -> {
                remove(path);
                Files.createDirectories(path);
                Files.writeString(path.resolve("somebody's"), "somebody's");
            }
            case FILE_IN_ITS_PLACE -> {
                remove(path);
                Files.writeString(path, "somebody's");
            }
            case LINK_TO_ELSEWHERE -> {
                Path target = elsewhere.resolve("target");
                if (part.isDirectory) {
                    Files.move(path, target);
                } else {
                    Files.writeString(target, "somebody's");
                    remove(path);
                }
                Files.createSymbolicLink(path, target);
            }
            case LINK_TO_NOTHING -> {
                remove(path);
                Files.createSymbolicLink(path, elsewhere.resolve("nothing"));
            }
            case IMMUTABLE -> {
                // A page that is clean faults when it is written to, which is what happens sooner or later.
                Shell.require("sync", "-f", path.toString());
                Shell.require("chattr", "+i", path.toString());
            }
            case LOCKED -> {} // By whoever asks for it: it needs a process.
            case NEWER_VERSION -> part.makeNewer(path);
        }
    }

    /** Takes back what can be taken back; only the disk's owner can. */
    void undo(Path path) {
        if (this == IMMUTABLE) {
            Shell.require("chattr", "-i", path.toString());
        }
    }

    static void remove(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Shell.require("rm", "-r", path.toString());
        } else {
            Files.deleteIfExists(path);
        }
    }

    private static void truncate(Path path, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }

    private static void overwrite(Path path, long from, int length, Random random) throws IOException {
        int most = (int) Math.min(length, Files.size(path) - from);
        byte[] garbage = new byte[Math.max(1, most)];
        random.nextBytes(garbage);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(garbage), from);
        }
    }
}
