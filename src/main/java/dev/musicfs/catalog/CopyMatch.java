package dev.musicfs.catalog;

import dev.musicfs.catalog.CopyRow.Relation;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.TrackTags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells what two copies of a track have in common. */
public final class CopyMatch {
    /** A copy with what is known of its present version; {@code content} is the hash of a complete manifest. */
    record Known(FileRow file, Optional<AudioLayout> layout, Optional<ChunkId> content) {}

    private CopyMatch() {}

    /** The rows of a group whose first leads. */
    static List<CopyRow> rows(List<Known> group) {
        List<CopyRow> rows = new ArrayList<>(group.size());
        for (Known copy : group) {
            Relation relation = rows.isEmpty() ? Relation.LEADER : relation(group.get(0), copy);
            rows.add(new CopyRow(copy.file(), relation, copy.layout()));
        }
        return rows;
    }

    /** What a copy is to the leader, given the layouts of their present versions where these are known. */
    public static Relation relation(
            FileRow leader, Optional<AudioLayout> leaderLayout, FileRow copy, Optional<AudioLayout> copyLayout) {
        return relation(
                new Known(leader, leaderLayout, Optional.empty()), new Known(copy, copyLayout, Optional.empty()));
    }

    private static Relation relation(Known leader, Known copy) {
        if (isWhole(leader, copy)) {
            return Relation.WHOLE;
        }
        return isSameAudio(leader.layout(), copy.layout()) ? Relation.AUDIO : Relation.STALE;
    }

    private static boolean isWhole(Known leader, Known copy) {
        if (leader.file().version().sizeBytes() != copy.file().version().sizeBytes()) {
            return false;
        }
        if (leader.content().isPresent() && copy.content().isPresent()) {
            return leader.content().equals(copy.content());
        }
        boolean layoutsDiffer = leader.layout().isPresent()
                && copy.layout().isPresent()
                && !leader.layout().equals(copy.layout());
        // Tags written into the padding of a file change neither its size nor its layout.
        return !layoutsDiffer && isTaggedAlike(leader.file(), copy.file());
    }

    private static boolean isSameAudio(Optional<AudioLayout> one, Optional<AudioLayout> other) {
        return one.isPresent()
                && other.isPresent()
                && !one.get().streamHash().isEmpty()
                && one.get().streamHash().equals(other.get().streamHash())
                && length(one.get()) == length(other.get());
    }

    private static long length(AudioLayout layout) {
        return layout.audioEnd() - layout.audioStart();
    }

    private static boolean isTaggedAlike(FileRow one, FileRow other) {
        return one.wellFormed() == other.wellFormed() && written(one.tags()).equals(written(other.tags()));
    }

    /** What somebody wrote into the file, without what was measured. */
    private static List<Object> written(TrackTags tags) {
        return List.of(
                tags.title(),
                tags.artist(),
                tags.albumArtist(),
                tags.album(),
                tags.genre(),
                tags.composer(),
                tags.year(),
                tags.track(),
                tags.disc(),
                tags.discTotal(),
                tags.compilation());
    }
}
