package dev.musicfs.catalog;

import dev.musicfs.model.AudioLayout;
import java.util.Optional;

/**
 * One copy of a track that lies on several origins; every origin has at most one.
 *
 * @param file the copy
 * @param relation what it is to the copy that is shown
 * @param layout where the audio lies in the file's present version, empty when that is not known
 */
public record CopyRow(FileRow file, Relation relation, Optional<AudioLayout> layout) {
    /** How much of a copy can stand in for the one that is shown. */
    public enum Relation {
        /** It is the one that is shown. */
        LEADER,
        /** The same bytes, as far as sizes, tags, layouts and content hashes say. */
        WHOLE,
        /** The same audio, maybe elsewhere in the file; both layouts are known, and the audio is equally long in both. */
        AUDIO,
        /** The same track, but in another edition: its bytes stand in for nothing. */
        STALE
    }
}
