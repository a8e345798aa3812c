package dev.musicfs.tree.template;

import dev.musicfs.model.TrackTags;

/**
 * What a track's album says, which is the same for all its tracks.
 *
 * @param artist the album's artist; empty when nothing says one
 * @param year of release, 0 when unknown
 * @param severalDiscs whether numbers of discs tell its tracks apart
 */
public record AlbumFields(String artist, int year, boolean severalDiscs) {
    /** What compilations are found under. */
    public static final String VARIOUS_ARTISTS = "Various Artists";

    /** What a track says of its album that is judged without the others. */
    public static AlbumFields alone(TrackTags tags) {
        return new AlbumFields(artistAlone(tags), tags.year(), saysSeveralDiscs(tags));
    }

    /** The album's artist by one track alone: its own word, the word for compilations, or the track's artist. */
    public static String artistAlone(TrackTags tags) {
        if (!tags.albumArtist().isBlank()) {
            return tags.albumArtist();
        }
        return tags.compilation() ? VARIOUS_ARTISTS : tags.artist();
    }

    /** Whether one track alone shows that there is more than one disc. */
    public static boolean saysSeveralDiscs(TrackTags tags) {
        return tags.discTotal() > 1 || tags.disc() > 1;
    }
}
