package dev.musicfs.tree;

import dev.musicfs.catalog.CopyRow;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import java.util.Optional;

/** A track's file while it is found out which others are copies of the same track. For one thread. */
final class Copy {
    /** Stands for audio that two files have in common when they have it at all. */
    record Audio(String streamHash, long bytes) {}

    final FileRow file;
    final Optional<AudioLayout> layout;
    /** The file that is shown for it so far; its own number when it is shown itself, 0 for one that is new. */
    final long shown;
    /** Whether the batch says something about it. */
    final boolean touched;
    /** Whether the batch moves it. */
    final boolean moved;

    Optional<ChunkId> content = Optional.empty();

    Copy(FileRow file, Optional<AudioLayout> layout, long shown, boolean touched, boolean moved) {
        this.file = file;
        this.layout = layout;
        this.shown = shown;
        this.touched = touched;
        this.moved = moved;
    }

    /** What its own format says about its audio. */
    Optional<Audio> audio() {
        return layout.filter(known -> !known.streamHash().isEmpty())
                .map(known -> new Audio(known.streamHash(), bytes(known)));
    }

    boolean isWholeCopyOf(Copy other) {
        return CopyRow.relation(other.file, other.layout, file, layout) == CopyRow.Relation.WHOLE;
    }

    /**
     * How much speaks for these two being one track, 1 for the most; 0 for nothing, and for two files of one origin,
     * which never are.
     */
    int likeness(Copy other) {
        if (file.origin().equals(other.file.origin())) {
            return 0;
        }
        boolean samePath = file.path().equals(other.file.path());
        boolean sameBytes = isEqual(audio(), other.audio()) || isEqual(content, other.content);
        boolean together = isStillTogether(other, samePath);
        if (samePath && (sameBytes || together || isEquallyLong(other))) {
            return 1;
        }
        if (sameBytes) {
            return isNamedLike(other) ? 2 : 3;
        }
        return together ? 4 : 0;
    }

    // Copies are not retagged at the same moment: what was one track stays one until something speaks against it.
    private boolean isStillTogether(Copy other, boolean samePath) {
        if (shown == 0 || shown != other.shown) {
            return false;
        }
        if (samePath) {
            return true;
        }
        boolean stays = !(moved || other.moved) || (isEquallyLong(other) && isNamedLike(other));
        return stays && !isKnownToSoundUnlike(other);
    }

    private boolean isEquallyLong(Copy other) {
        return file.version().sizeBytes() == other.file.version().sizeBytes();
    }

    private boolean isNamedLike(Copy other) {
        return file.tags().title().equals(other.file.tags().title())
                && file.tags().album().equals(other.file.tags().album())
                && file.tags().track() == other.file.tags().track()
                && file.tags().disc() == other.file.tags().disc();
    }

    private boolean isKnownToSoundUnlike(Copy other) {
        if (!isLaidOut() || !other.isLaidOut()) {
            return false;
        }
        AudioLayout mine = layout.orElseThrow();
        AudioLayout theirs = other.layout.orElseThrow();
        boolean hashesDiffer = !mine.streamHash().isEmpty()
                && !theirs.streamHash().isEmpty()
                && !mine.streamHash().equals(theirs.streamHash());
        return hashesDiffer || bytes(mine) != bytes(theirs);
    }

    private boolean isLaidOut() {
        return layout.filter(known ->
                        !known.equals(AudioLayout.unknown(file.version().sizeBytes())))
                .isPresent();
    }

    private static long bytes(AudioLayout layout) {
        return layout.audioEnd() - layout.audioStart();
    }

    private static boolean isEqual(Optional<?> one, Optional<?> other) {
        return one.isPresent() && one.equals(other);
    }
}
