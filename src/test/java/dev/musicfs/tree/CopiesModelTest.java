package dev.musicfs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.TrackTags;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random libraries on three origins against a model that knows which song each file holds. A song is recognised by its
 * path or, when it is FLAC, wherever it lies.
 */
class CopiesModelTest extends CopiesFixture {
    private static final List<OriginId> ORIGINS = List.of(NAS, CLOUD, ATTIC);
    private static final int SONGS = 12;
    private static final int STEPS = 150;

    /** A song: where each origin has it, best origin first. */
    private static final class Song {
        final int number;
        final boolean flac;
        final Map<OriginId, FileRow> files = new TreeMap<>((a, b) -> ORIGINS.indexOf(a) - ORIGINS.indexOf(b));
        int edition;
        Optional<NodeId> node = Optional.empty();

        Song(int number) {
            this.number = number;
            this.flac = number % 2 == 0;
        }

        FileRow leader() {
            return files.values().iterator().next();
        }

        /** Tags are as long as the edition, which moves the audio. */
        FileRow file(long id, OriginId origin) {
            String suffix = flac ? "-" + origin.value() + ".flac" : ".mp3";
            TrackTags tags = new TrackTags(
                    "s" + number + "e" + edition,
                    "A",
                    "",
                    "B",
                    "",
                    "",
                    0,
                    number + 1,
                    0,
                    0,
                    false,
                    flac ? "flac" : "mp3",
                    1,
                    1);
            FileRow row = CopiesFixture.file(id, origin, "d" + number % 3 + "/" + number + suffix, 1, tags);
            FileVersion version =
                    new FileVersion(1_000 + 10 * number + edition, 10 * edition + ORIGINS.indexOf(origin), "");
            return new FileRow(id, origin, row.path(), row.kind(), version, 0, row.tags(), row.wellFormed());
        }

        Optional<AudioLayout> layout() {
            return flac
                    ? Optional.of(new AudioLayout(
                            100 + edition, 900 + edition, List.of(), String.format(Locale.ROOT, "%032x", number + 1)))
                    : Optional.empty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everySongIsOneEntryOfItsBestCopyUnderOneInode(long seed) {
        Random random = new Random(seed);
        List<Song> songs = new ArrayList<>();
        for (int i = 0; i < SONGS; i++) {
            songs.add(new Song(i));
        }
        for (int step = 0; step < STEPS; step++) {
            List<Song> some = new ArrayList<>(songs);
            Collections.shuffle(some, random);
            List<LibraryChange> batch = new ArrayList<>();
            for (Song song : some.subList(0, 1 + random.nextInt(4))) {
                change(song, random, batch);
            }
            await(updater.apply(batch));
            check(songs, "seed " + seed + ", step " + step);
        }
    }

    private void change(Song song, Random random, List<LibraryChange> batch) {
        OriginId origin = ORIGINS.get(random.nextInt(ORIGINS.size()));
        FileRow held = song.files.get(origin);
        if (held == null) {
            // A copy of an edition that nobody has any more cannot be known by its path alone.
            if (!song.flac && !song.files.isEmpty()) {
                song.edition = (int) (song.leader().version().mtimeNanos() / 10);
            }
            FileRow file = song.file(writer.nextFileId(), origin);
            song.files.put(origin, file);
            batch.add(new LibraryChange.Added(file, song.layout()));
        } else if (random.nextInt(3) == 0) {
            song.files.remove(origin);
            batch.add(new LibraryChange.Removed(held));
        } else {
            song.edition++;
            FileRow after = song.file(held.id(), origin);
            song.files.put(origin, after);
            batch.add(new LibraryChange.Updated(held, after, song.layout()));
        }
    }

    private void check(List<Song> songs, String when) {
        Map<Long, NodeRow> shown = new HashMap<>();
        for (String path : files()) {
            NodeRow row = at(path);
            assertThat(shown.put(row.fileId(), row)).as(when + ": shown twice").isNull();
        }
        for (Song song : songs) {
            if (song.files.isEmpty()) {
                song.node = Optional.empty();
                continue;
            }
            FileRow leader = song.leader();
            NodeRow row = shown.remove(leader.id());
            assertThat(row).as(when + ": song " + song.number).isNotNull();
            assertThat(row.sizeBytes()).isEqualTo(leader.version().sizeBytes());
            assertThat(row.mtimeNanos()).isEqualTo(leader.version().mtimeNanos());
            assertThat(row.name()).as(when).contains(leader.tags().title() + ".");
            song.node.ifPresent(node -> assertThat(row.id()).as(when).isEqualTo(node));
            song.node = Optional.of(row.id());
            assertThat(relations(leader).keySet())
                    .as(when)
                    .containsExactlyInAnyOrderElementsOf(
                            song.files.values().stream().map(FileRow::id).toList());
        }
        assertThat(shown).as(when + ": shown beside the songs").isEmpty();
    }
}
