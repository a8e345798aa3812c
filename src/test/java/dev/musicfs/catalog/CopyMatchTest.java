package dev.musicfs.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.CopyMatch.Known;
import dev.musicfs.catalog.CopyRow.Relation;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A copy that is taken for more than it is gives wrong bytes. */
class CopyMatchTest {
    private static final TrackTags TAGS = new TrackTags("t", "a", "aa", "b", "g", "c", 1, 2, 3, 4, false, "flac", 5, 6);
    private static final Optional<AudioLayout> LAYOUT = layout(10, 90, "hash");
    private static final Optional<AudioLayout> NONE = Optional.empty();
    private static final FileRow LEADER = file(100, TAGS, true);

    @Test
    void whatIsAsLongAndTaggedAlikeIsTheSame() {
        assertThat(relation(NONE, file(100, TAGS, true), NONE)).isEqualTo(Relation.WHOLE);
        assertThat(relation(LAYOUT, file(100, TAGS, true), NONE)).isEqualTo(Relation.WHOLE);
        assertThat(relation(NONE, file(100, TAGS, true), LAYOUT)).isEqualTo(Relation.WHOLE);
        assertThat(relation(LAYOUT, file(100, TAGS, true), LAYOUT)).isEqualTo(Relation.WHOLE);
        assertThat(relation(NONE, file(101, TAGS, true), NONE)).isEqualTo(Relation.STALE);
        assertThat(relation(NONE, file(100, TAGS, false), NONE)).isEqualTo(Relation.STALE);
    }

    @Test
    void everyTagThatSomebodyWroteCountsAndWhatWasMeasuredDoesNot() {
        List<TrackTags> others = List.of(
                new TrackTags("x", "a", "aa", "b", "g", "c", 1, 2, 3, 4, false, "flac", 5, 6),
                new TrackTags("t", "x", "aa", "b", "g", "c", 1, 2, 3, 4, false, "flac", 5, 6),
                new TrackTags("t", "a", "x", "b", "g", "c", 1, 2, 3, 4, false, "flac", 5, 6),
                new TrackTags("t", "a", "aa", "x", "g", "c", 1, 2, 3, 4, false, "flac", 5, 6),
                new TrackTags("t", "a", "aa", "b", "x", "c", 1, 2, 3, 4, false, "flac", 5, 6),
                new TrackTags("t", "a", "aa", "b", "g", "x", 1, 2, 3, 4, false, "flac", 5, 6),
                new TrackTags("t", "a", "aa", "b", "g", "c", 9, 2, 3, 4, false, "flac", 5, 6),
                new TrackTags("t", "a", "aa", "b", "g", "c", 1, 9, 3, 4, false, "flac", 5, 6),
                new TrackTags("t", "a", "aa", "b", "g", "c", 1, 2, 9, 4, false, "flac", 5, 6),
                new TrackTags("t", "a", "aa", "b", "g", "c", 1, 2, 3, 9, false, "flac", 5, 6),
                new TrackTags("t", "a", "aa", "b", "g", "c", 1, 2, 3, 4, true, "flac", 5, 6));
        for (TrackTags tags : others) {
            assertThat(relation(NONE, file(100, tags, true), NONE))
                    .as("%s", tags)
                    .isEqualTo(Relation.STALE);
        }
        TrackTags measured = new TrackTags("t", "a", "aa", "b", "g", "c", 1, 2, 3, 4, false, "flac", 50, 60);
        assertThat(relation(NONE, file(100, measured, true), NONE)).isEqualTo(Relation.WHOLE);
    }

    @Test
    void theSameAudioElsewhereIsTheAudioOnly() {
        FileRow longer = file(130, TAGS, true);
        assertThat(relation(LAYOUT, longer, layout(40, 120, "hash"))).isEqualTo(Relation.AUDIO);
        assertThat(relation(LAYOUT, longer, layout(40, 121, "hash"))).isEqualTo(Relation.STALE);
        assertThat(relation(LAYOUT, longer, layout(40, 120, "other"))).isEqualTo(Relation.STALE);
        assertThat(relation(layout(10, 90, ""), longer, layout(40, 120, ""))).isEqualTo(Relation.STALE);
        assertThat(relation(LAYOUT, longer, NONE)).isEqualTo(Relation.STALE);
        assertThat(relation(NONE, longer, LAYOUT)).isEqualTo(Relation.STALE);
        assertThat(relation(LAYOUT, file(100, TAGS, true), layout(20, 100, "hash")))
                .as("as long, but laid out otherwise")
                .isEqualTo(Relation.AUDIO);
    }

    @Test
    void knownContentDecides() {
        ChunkId one = new ChunkId(1, 0, 0, 0);
        ChunkId other = new ChunkId(2, 0, 0, 0);
        TrackTags tagged = new TrackTags("x", "a", "aa", "b", "g", "c", 1, 2, 3, 4, false, "flac", 5, 6);
        List<CopyRow> rows = CopyMatch.rows(List.of(
                new Known(LEADER, LAYOUT, Optional.of(one)),
                new Known(file(100, tagged, true), NONE, Optional.of(one)),
                new Known(file(100, TAGS, true), LAYOUT, Optional.of(other)),
                new Known(file(100, TAGS, true), NONE, Optional.of(other)),
                new Known(file(100, TAGS, true), NONE, Optional.empty()),
                new Known(file(101, TAGS, true), NONE, Optional.of(one))));
        assertThat(rows)
                .extracting(CopyRow::relation)
                .containsExactly(
                        Relation.LEADER,
                        Relation.WHOLE,
                        Relation.AUDIO,
                        Relation.STALE,
                        Relation.WHOLE,
                        Relation.STALE);
        assertThat(rows.get(2).layout()).isEqualTo(LAYOUT);
        assertThat(rows.get(0).file()).isEqualTo(LEADER);
    }

    private static Relation relation(Optional<AudioLayout> leader, FileRow copy, Optional<AudioLayout> layout) {
        return CopyMatch.relation(LEADER, leader, copy, layout);
    }

    private static Optional<AudioLayout> layout(long from, long to, String hash) {
        return Optional.of(new AudioLayout(from, to, List.of(), hash));
    }

    private static FileRow file(long sizeBytes, TrackTags tags, boolean wellFormed) {
        return new FileRow(
                1,
                new OriginId("nas"),
                new RealPath("a.flac"),
                FileKind.AUDIO,
                new FileVersion(sizeBytes, 1, ""),
                0,
                tags,
                wellFormed);
    }
}
