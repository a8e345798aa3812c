package dev.musicfs.tree.copies;

import dev.musicfs.catalog.CopyMatch;
import dev.musicfs.catalog.CopyRow;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import java.util.Optional;

/** A track's file, to be compared with others that may be copies of the same track. For one thread. */
public final class TrackFile {
    /** What tells audio from other audio: files in which it is equal have the same audio. */
    record Audio(String streamHash, long bytes) {}

    final FileRow file;
    final Optional<AudioLayout> layout;
    final long shown;
    /** Whether the batch says something about it. */
    final boolean touched;
    /** Whether the batch moves it. */
    final boolean moved;

    Optional<ChunkId> content = Optional.empty();

    TrackFile(FileRow file, Optional<AudioLayout> layout, long shown, boolean touched, boolean moved) {
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

    /** Its row after the batch; the one before if it is gone. */
    public FileRow file() {
        return file;
    }

    /** The number of the file that is shown for it so far: its own when it is shown itself, 0 when it is new. */
    public long shown() {
        return shown;
    }

    /** Whether the two files are equal from the first byte to the last. */
    public boolean isWholeCopyOf(TrackFile other) {
        return CopyMatch.relation(other.file, other.layout, file, layout) == CopyRow.Relation.WHOLE;
    }

    /**
     * How much speaks for these two being one track, 1 for the most; 0 for nothing, and for two files of one origin,
     * which never are.
     */
    int likeness(TrackFile other) {
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
    private boolean isStillTogether(TrackFile other, boolean samePath) {
        if (shown == 0 || shown != other.shown) {
            return false;
        }
        if (samePath) {
            return true;
        }
        boolean stays = !(moved || other.moved) || (isEquallyLong(other) && isNamedLike(other));
        return stays && !isKnownToSoundUnlike(other);
    }

    private boolean isEquallyLong(TrackFile other) {
        return file.version().sizeBytes() == other.file.version().sizeBytes();
    }

    private boolean isNamedLike(TrackFile other) {
        return file.tags().title().equals(other.file.tags().title())
                && file.tags().album().equals(other.file.tags().album())
                && file.tags().track() == other.file.tags().track()
                && file.tags().disc() == other.file.tags().disc();
    }

    private boolean isKnownToSoundUnlike(TrackFile other) {
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
