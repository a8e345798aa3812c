package dev.musicfs.library;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.InodeTag;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How one directory of an origin, listed completely, differs from what the catalog knows of it. What cannot be looked at is
 * no difference.
 *
 * @param files music and cover files there are
 * @param fresh files the catalog does not know
 * @param changed files of another size, time or tag
 * @param identified files that are what they were, and of which the origin says more than the catalog knows
 * @param replaced tracks at whose path another inode is
 * @param racy tracks that look as they did, though their times could hide a change
 * @param vanished files that are no longer there
 * @param folders all sub-directories there are
 * @param newFolders those that the catalog does not know
 * @param vanishedFolders sub-directories that are no longer there
 * @param coversKept known cover files that are still there, changed or not
 * @param hasAudio whether there is audio directly in it
 */
record FolderDiff(
        int files,
        List<OriginEntry> fresh,
        List<ChangedEntry> changed,
        List<ChangedEntry> identified,
        List<ChangedEntry> replaced,
        List<ChangedEntry> racy,
        List<FileRow> vanished,
        List<RealPath> folders,
        Set<RealPath> newFolders,
        List<RealPath> vanishedFolders,
        List<FileRow> coversKept,
        boolean hasAudio) {

    /** A known file and what it is now. */
    record ChangedEntry(FileRow before, OriginEntry now) {}

    static FolderDiff ofBlocking(
            CatalogReader catalog,
            OriginId origin,
            RealPath folder,
            List<OriginEntry> listing,
            RacyTimestamps timestamps) {
        Map<RealPath, FileRow> known = new HashMap<>();
        catalog.filesInBlocking(origin, folder).forEach(row -> known.put(row.path(), row));
        Set<RealPath> knownFolders = new TreeSet<>(catalog.foldersInBlocking(origin, folder));

        FolderDiff diff = new FolderDiff(
                (int) listing.stream().filter(FolderDiff::isMusic).count(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new TreeSet<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                listing.stream().anyMatch(entry -> isMusic(entry) && kindOf(entry) == FileKind.AUDIO));
        for (OriginEntry entry : listing) {
            if (entry.unknown().isPresent()) {
                // What is known under this name is neither gone nor changed.
                FileRow kept = known.remove(entry.path());
                if (kept != null && kept.kind() == FileKind.COVER) {
                    diff.coversKept.add(kept);
                }
                knownFolders.remove(entry.path());
            } else if (entry.directory()) {
                diff.folders.add(entry.path());
                if (!knownFolders.remove(entry.path())) {
                    diff.newFolders.add(entry.path());
                }
            } else if (isMusic(entry)) {
                diff.compare(known.remove(entry.path()), entry, timestamps);
            }
        }
        diff.vanished.addAll(known.values());
        diff.vanishedFolders.addAll(knownFolders);
        return diff;
    }

    private void compare(@Nullable FileRow before, OriginEntry now, RacyTimestamps timestamps) {
        if (before == null) {
            fresh.add(now);
            return;
        }
        boolean sameInode = before.fileKey() == 0
                || now.fileKey() == 0
                || before.fileKey() == now.fileKey()
                || isOlderKey(before, now);
        if (!sameInode && before.kind() == FileKind.AUDIO) {
            replaced.add(new ChangedEntry(before, now));
        } else if (before.version().tag().isEmpty()
                && !now.version().tag().isEmpty()
                && sameInode
                && before.version().sameSizeAndTime(now.version())) {
            identified.add(new ChangedEntry(before, now));
        } else if (!before.version().equals(now.version()) || !sameInode) {
            changed.add(new ChangedEntry(before, now));
        } else if (timestamps.has(before.id())) {
            racy.add(new ChangedEntry(before, now));
        }
        if (before.kind() == FileKind.COVER) {
            coversKept.add(before);
        }
    }

    // Until the birth of files was asked for, the key was the inode's number.
    private static boolean isOlderKey(FileRow before, OriginEntry now) {
        return before.version().tag().isEmpty()
                && InodeTag.of(now.version())
                        .filter(tag -> tag.inode() == before.fileKey())
                        .isPresent();
    }

    static FileKind kindOf(OriginEntry entry) {
        return MusicFiles.kindOf(entry.path()).orElse(FileKind.AUDIO);
    }

    private static boolean isMusic(OriginEntry entry) {
        Optional<FileKind> kind = MusicFiles.kindOf(entry.path());
        return entry.isFile() && kind.isPresent();
    }
}
