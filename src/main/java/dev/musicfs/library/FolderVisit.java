package dev.musicfs.library;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.RealPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A directory on the stack of a round: first to be listed, then, after all below it, to be finished. */
final class FolderVisit {
    final RealPath folder;
    final @Nullable FolderVisit parent;
    /** Whether known sub-directories are visited too; new ones always are. */
    boolean deep;

    boolean listed;
    boolean hasAudio;
    boolean audioBelow;
    boolean audioTouched;
    boolean audioTouchedBelow;
    boolean coversTouched;
    boolean coverVanished;
    final List<FileRow> covers = new ArrayList<>();

    FolderVisit(RealPath folder, @Nullable FolderVisit parent, boolean deep) {
        this.folder = folder;
        this.parent = parent;
        this.deep = deep;
    }

    /** Takes over what the listing said. */
    void take(FolderDiff diff, boolean knownAudioBelow) {
        listed = true;
        hasAudio = diff.hasAudio();
        audioBelow |= knownAudioBelow;
        audioTouched = diff.fresh().stream().anyMatch(entry -> !isCover(entry.path()))
                || !diff.replaced().isEmpty()
                || diff.changed().stream()
                        .anyMatch(change -> !isCover(change.now().path()));
        coverVanished = diff.vanished().stream().anyMatch(row -> isCover(row.path()));
        if (parent != null) {
            parent.audioBelow |= hasAudio;
            parent.audioTouchedBelow |= audioTouched;
        }
        covers.addAll(diff.coversKept());
    }

    /** A cover file that is new or changed. */
    void putCover(FileRow cover) {
        coversTouched = true;
        covers.removeIf(known -> known.id() == cover.id());
        covers.add(cover);
    }

    /** Whether the albums around it must hear of its cover: it changed, or there are tracks that have not got it yet. */
    boolean announcesCover() {
        boolean due = coversTouched || coverVanished || (!covers.isEmpty() && (audioTouched || audioTouchedBelow));
        return due && (hasAudio || audioBelow);
    }

    Optional<FileRow> bestCover() {
        return MusicFiles.bestCover(covers.stream());
    }

    static boolean isCover(RealPath path) {
        return MusicFiles.kindOf(path)
                .filter(kind -> kind == dev.musicfs.catalog.FileKind.COVER)
                .isPresent();
    }
}
