package dev.musicfs.formats;

import dev.musicfs.model.TrackTags;
import java.util.List;

/**
 * What a reader found in one file.
 *
 * @param durationMillis 0 when unknown
 * @param bitrateKbps 0 when unknown
 */
record AudioFacts(FieldSource fields, long durationMillis, int bitrateKbps) {
    /** Refuses nothing; numbers a damaged header made up become "unknown". */
    AudioFacts {
        durationMillis = Math.max(0, durationMillis);
        bitrateKbps = Math.max(0, bitrateKbps);
    }

    TrackTags toTags(String format) {
        List<String> disc = fields.values(Field.DISC);
        int discTotal = TagText.number(fields.values(Field.DISC_TOTAL));
        return new TrackTags(
                TagText.first(fields.values(Field.TITLE)),
                TagText.joined(fields.values(Field.ARTIST)),
                TagText.joined(fields.values(Field.ALBUM_ARTIST)),
                TagText.first(fields.values(Field.ALBUM)),
                TagText.first(fields.values(Field.GENRE)),
                TagText.joined(fields.values(Field.COMPOSER)),
                TagText.year(fields.values(Field.DATE)),
                TagText.track(fields.values(Field.TRACK)),
                TagText.number(disc),
                discTotal > 0 ? discTotal : TagText.total(disc),
                TagText.flag(fields.values(Field.COMPILATION)),
                format,
                durationMillis,
                bitrateKbps);
    }
}
