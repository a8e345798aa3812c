package dev.musicfs.library;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a round found to be gone: numbers rather than rows, since a whole library may be, and for a bounded part of them
 * what a file that moved would be known by.
 */
final class Vanished {
    private static final int LONGEST_INDEX = 20_000;

    private final Set<Long> files = new LinkedHashSet<>();
    private final Set<RealPath> folders = new LinkedHashSet<>();
    private final Map<MoveKey, Long> index = new HashMap<>();

    /** What stays the same when a file is renamed. */
    record MoveKey(FileVersion version, long fileKey) {}

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
            }
        }
    }

    /** Parents before what they hold. */
    void addFolders(List<RealPath> lost) {
        folders.addAll(lost);
    }

    /** The known file that {@code fresh} is under another path; it is not gone then. */
    OptionalLong takeMoved(OriginEntry fresh) {
        Long fileId = index.remove(new MoveKey(fresh.version(), fresh.fileKey()));
        return fileId != null && files.remove(fileId) ? OptionalLong.of(fileId) : OptionalLong.empty();
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
