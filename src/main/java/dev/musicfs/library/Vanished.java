package dev.musicfs.library;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.InodeKey;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a round found to be gone: numbers rather than rows, since a whole library may be, and for a bounded part of them
 * what a file that moved would be known by. What another file took the place of is known here too, since it may have moved,
 * but is not gone. Touched by one thread after another.
 */
final class Vanished {
    static final int LONGEST_INDEX = 20_000;

    private final Set<Long> files = new LinkedHashSet<>();
    private final Set<RealPath> folders = new LinkedHashSet<>();
    private final Map<MoveKey, Long> index = new HashMap<>();
    /** By keys that are one file's for good. */
    private final Map<Long, Long> inodes = new HashMap<>();

    /** What stays the same when a directory around a file is renamed. */
    record MoveKey(FileVersion version, long fileKey) {}

    /**
     * What two files have in common when they are the same track.
     *
     * @param exact whether nothing else sounds so
     */
    record Sound(String text, boolean exact) {
        /** Best first; none when too little is known. */
        static List<Sound> of(FileRow row, Optional<AudioLayout> layout) {
            List<Sound> sounds = new ArrayList<>();
            String format = row.tags().format();
            layout.ifPresent(where -> {
                long bytes = where.audioEnd() - where.audioStart();
                if (!where.streamHash().isEmpty()) {
                    sounds.add(new Sound("hash " + where.streamHash() + " " + bytes, true));
                } else if (bytes > 0 && row.tags().durationMillis() > 0) {
                    sounds.add(new Sound("audio " + format + " " + row.tags().durationMillis() + " " + bytes, false));
                }
            });
            if (row.version().sizeBytes() > 0) {
                sounds.add(new Sound(
                        "file " + format + " " + row.tags().durationMillis() + " "
                                + row.version().sizeBytes() + " "
                                + row.version().mtimeNanos(),
                        false));
            }
            return sounds;
        }
    }

    /** A file that is gone; {@code key} null when it could not be known again. */
    record Lost(long fileId, @Nullable MoveKey key) {
        static Lost of(FileRow row) {
            boolean movable = row.kind() == FileKind.AUDIO && row.fileKey() != 0;
            return new Lost(row.id(), movable ? new MoveKey(row.version(), row.fileKey()) : null);
        }
    }

    void addFiles(List<Lost> lost) {
        for (Lost one : lost) {
            files.add(one.fileId);
            if (one.key != null && index.size() < LONGEST_INDEX) {
                index.put(one.key, one.fileId);
                if (InodeKey.isUnique(one.key.fileKey)) {
                    inodes.put(one.key.fileKey, one.fileId);
                }
            }
        }
    }

    /** A file whose path another inode has now. */
    void addReplaced(FileRow row) {
        if (InodeKey.isUnique(row.fileKey()) && inodes.size() < LONGEST_INDEX) {
            inodes.putIfAbsent(row.fileKey(), row.id());
        }
    }

    /** Parents before what they hold. */
    void addFolders(List<RealPath> lost) {
        folders.addAll(lost);
    }

    /** The known file that {@code fresh} is under another path, its bytes untouched; it is not gone then. */
    OptionalLong takeMoved(OriginEntry fresh) {
        Long fileId = index.remove(new MoveKey(fresh.version(), fresh.fileKey()));
        if (fileId == null || !files.remove(fileId)) {
            return OptionalLong.empty();
        }
        inodes.remove(fresh.fileKey(), fileId);
        return OptionalLong.of(fileId);
    }

    /**
     * The known file that was this inode and no longer has its path. Numbers alone are given out again, the moment after at
     * times, to whatever is written next: for those there is none.
     */
    OptionalLong withInode(long fileKey) {
        Long fileId = inodes.get(fileKey);
        return fileId == null ? OptionalLong.empty() : OptionalLong.of(fileId);
    }

    /** A file was found elsewhere, or is what stands at its path. */
    void isBack(FileRow row) {
        files.remove(row.id());
        inodes.remove(row.fileKey(), row.id());
    }

    /** Whether a new file could be a known one. */
    boolean knowsAny() {
        return !files.isEmpty() || !inodes.isEmpty();
    }

    boolean isEmpty() {
        return files.isEmpty() && folders.isEmpty();
    }

    List<Long> files() {
        return List.copyOf(files);
    }

    /** Deepest first. */
    List<RealPath> foldersDeepestFirst() {
        List<RealPath> all = new ArrayList<>(folders);
        all.sort(Collections.reverseOrder());
        return all;
    }
}
