package dev.musicfs.model;

/**
 * The tags of one audio file as far as names are made of them. A tag that is missing is empty or zero.
 *
 * @param title track title
 * @param artist track artist; several are joined by {@code "; "}
 * @param albumArtist album artist, or empty
 * @param album album title
 * @param genre first genre
 * @param composer composer
 * @param year four-digit year of release, 0 when unknown
 * @param track number in the disc as {@link TrackNumber} has it, 0 when unknown
 * @param disc number of the disc, 0 when unknown
 * @param discTotal number of discs, 0 when unknown
 * @param compilation whether the file says that it belongs to a compilation
 * @param format lower-case container or codec as a file extension, such as {@code flac}, {@code mp3}, {@code opus}
 * @param durationMillis playing time in milliseconds, 0 when unknown
 * @param bitrateKbps mean bit rate in kilobits a second, 0 when unknown
 */
public record TrackTags(
        String title,
        String artist,
        String albumArtist,
        String album,
        String genre,
        String composer,
        int year,
        int track,
        int disc,
        int discTotal,
        boolean compilation,
        String format,
        long durationMillis,
        int bitrateKbps) {

    /** A file about which nothing is known but its format. */
    public static TrackTags unknown(String format) {
        return new TrackTags("", "", "", "", "", "", 0, 0, 0, 0, false, format, 0, 0);
    }
}
