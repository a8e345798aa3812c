package dev.musicfs.tree;

import static dev.musicfs.tree.Tracks.retagged;
import static dev.musicfs.tree.Tracks.track;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackNumber;
import dev.musicfs.model.TrackTags;
import dev.musicfs.testkit.Draw;
import dev.musicfs.testkit.Trials;
import dev.musicfs.tree.template.AlbumFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is judged of a whole album by all its tracks. */
class AlbumsTest extends UpdaterFixture {
    private static final String[] FOLDERS = {"CD1", "CD2", "d", "d/CD1", "d/Disc 2"};

    private static TrackTags tags(String artist, String albumArtist, int year, int disc, int track) {
        return new TrackTags(
                "T" + track, artist, albumArtist, "Alb", "", "", year, track, disc, 0, false, "flac", 1000, 900);
    }

    private static void addFolders(UpdaterFixture to, String... paths) {
        for (String path : paths) {
            to.apply(new LibraryChange.FolderAdded(Tracks.DISK, new RealPath(path)));
        }
    }

    private List<String> files() {
        return paths().stream().filter(path -> !path.endsWith("/")).toList();
    }

    @Test
    void theDiscIsNamedOnAllDiscsAsSoonAsThereAreTwo() {
        addFolders(this, "CD1", "CD2");
        add(track(1, "CD1/1.flac", tags("A", "", 2001, 1, 1)), track(2, "CD1/2.flac", tags("A", "", 2001, 1, 20)));
        assertThat(files()).containsExactly("/A/Alb (2001) [FLAC]/01 - T1.flac", "/A/Alb (2001) [FLAC]/20 - T20.flac");
        NodeId first = at("/A/Alb (2001) [FLAC]/01 - T1.flac").id();
        updater.attach(announcer);
        FileRow second = track(3, "CD2/1.flac", tags("A", "", 2001, 2, 1));

        add(second);

        assertThat(files())
                .containsExactly(
                        "/A/Alb (2001) [FLAC]/1-01 - T1.flac",
                        "/A/Alb (2001) [FLAC]/1-20 - T20.flac",
                        "/A/Alb (2001) [FLAC]/2-01 - T1.flac");
        assertThat(at("/A/Alb (2001) [FLAC]/1-01 - T1.flac").id()).isEqualTo(first);
        apply(new LibraryChange.Removed(second));
        assertThat(files()).containsExactly("/A/Alb (2001) [FLAC]/01 - T1.flac", "/A/Alb (2001) [FLAC]/20 - T20.flac");
        assertThat(at("/A/Alb (2001) [FLAC]/01 - T1.flac").id()).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({"1999 1999 2004,1999", "1999 2004,2004", "2004 1999,2004", "0 1999 0,1999", "0 0,0"})
    void anAlbumHasOneYear(String years, int expected) {
        List<FileRow> tracks = new ArrayList<>();
        for (String year : years.split(" ", -1)) {
            int number = tracks.size() + 1;
            tracks.add(track(number, "d/" + number + ".flac", tags("A", "", Integer.parseInt(year), 0, number)));
        }

        add(tracks.toArray(FileRow[]::new));

        String directory = expected == 0 ? "/A/Alb [FLAC]/" : "/A/Alb (" + expected + ") [FLAC]/";
        assertThat(files()).hasSameSizeAs(tracks).allMatch(file -> file.startsWith(directory));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A,B,C|Various Artists",
                "A,A feat. B,A & C,a|A",
                "A,A feat. B,Another|Various Artists",
                "A|A",
                "A,,A|A"
            })
    void tracksThatNameNoAlbumArtistShareOne(String artists, String expected) {
        List<FileRow> tracks = new ArrayList<>();
        for (String artist : artists.split(",", -1)) {
            int number = tracks.size() + 1;
            tracks.add(track(number, "d/" + number + ".flac", tags(artist, "", 2001, 0, number)));
        }

        tracks.forEach(this::add);

        assertThat(files())
                .hasSameSizeAs(tracks)
                .allMatch(file -> file.startsWith("/" + expected + "/Alb (2001) [FLAC]/"));
    }

    @Test
    void theWordOfSomeTracksIsThatOfTheOthers() {
        add(track(1, "d/1.flac", tags("A", "The As", 2001, 0, 1)), track(2, "d/2.flac", tags("B", "", 2001, 0, 2)));

        assertThat(files())
                .containsExactly("/The As/Alb (2001) [FLAC]/01 - T1.flac", "/The As/Alb (2001) [FLAC]/02 - T2.flac");
    }

    @Test
    void whatOnlyLiesTogetherIsNoCompilation() {
        // In the root, with tracks of another album, with a number that is there twice.
        add(track(1, "1.flac", tags("A", "", 2001, 0, 1)), track(2, "2.flac", tags("B", "", 2001, 0, 2)));
        add(
                track(3, "d/1.flac", tags("C", "", 2001, 0, 1)),
                track(4, "d/2.flac", tags("D", "", 2001, 0, 2)),
                track(5, "d/3.flac", Tracks.tags("D", "Other", 1, "x")));
        add(track(6, "e/1.flac", tags("E", "", 2001, 0, 1)), track(7, "e/2.flac", tags("F", "", 2001, 0, 1)));

        // Without numbers.
        add(track(8, "f/1.flac", tags("G", "", 2001, 0, 0)), track(9, "f/2.flac", tags("H", "", 2001, 0, 2)));

        assertThat(files()).hasSize(9).noneMatch(file -> file.startsWith("/" + AlbumFields.VARIOUS_ARTISTS + "/"));
    }

    @Test
    void whatHoldsMoreTracksThanAnAlbumIsJudgedTrackByTrack() {
        List<FileRow> tracks = new ArrayList<>();
        for (int i = 1; i <= 500; i++) {
            tracks.add(track(i, "d/" + i + ".flac", tags("A", "", 2001, 1, i)));
        }
        tracks.set(499, track(500, "d/500.flac", tags("A", "", 2001, 2, 500)));
        add(tracks.toArray(FileRow[]::new));
        assertThat(files()).contains("/A/Alb (2001) [FLAC]/1-01 - T1.flac");

        add(track(501, "d/501.flac", tags("A", "", 2001, 1, 501)));

        assertThat(files())
                .hasSize(501)
                .contains("/A/Alb (2001) [FLAC]/01 - T1.flac", "/A/Alb (2001) [FLAC]/2-500 - T500.flac")
                .noneMatch(file -> file.contains("/1-"));
    }

    @Test
    void filesWithoutTagsAreFoundByTheirFolder() {
        add(
                track(1, "Some/Where/x.mp3", TrackTags.unknown("mp3")),
                track(2, "Box/CD 2/y.mp3", TrackTags.unknown("mp3")),
                track(3, "z.mp3", TrackTags.unknown("mp3")),
                Tracks.damaged(4, "Torn/t.flac"));

        assertThat(files())
                .containsExactly(
                        "/Unknown Artist/Box [MP3]/y.mp3",
                        "/Unknown Artist/Torn [FLAC]/t.flac",
                        "/Unknown Artist/Unknown Album [MP3]/z.mp3",
                        "/Unknown Artist/Where [MP3]/x.mp3");
    }

    @Test
    void sidesOfRecordsAreKept() {
        add(
                track(1, "d/1.flac", tags("A", "", 2001, 0, TrackNumber.ofSide('B', 2))),
                track(2, "d/2.flac", tags("A", "", 2001, 0, TrackNumber.ofSide('A', 0))));

        assertThat(files())
                .extracting(file -> file.replaceAll(" - .*", "").substring("/A/Alb (2001) [FLAC]/".length()))
                .containsExactly("A", "B2");
    }

    /** The tree follows from the files, and not from the batches in which they came. */
    @Test
    void aLibraryIsShownTheSameHoweverItCame() {
        Trials.check(25, draw -> {
            List<FileRow> library = library(draw);
            UpdaterFixture atOnce = new UpdaterFixture() {};
            UpdaterFixture bitByBit = new UpdaterFixture() {};
            try {
                addFolders(atOnce, FOLDERS);
                addFolders(bitByBit, FOLDERS);
                List<FileRow> before = new ArrayList<>();
                for (FileRow file : library) {
                    before.add(draw.of(true, false, false) ? retagged(file, tags("Z", "", 1990, 3, 9)) : file);
                }
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < library.size(); i++) {
                    order.add(i);
                }
                Collections.shuffle(order, new Random(draw.number(0, 1_000_000)));
                order.forEach(i -> bitByBit.add(before.get(i)));
                for (int i : order) {
                    if (!before.get(i).equals(library.get(i))) {
                        bitByBit.apply(new LibraryChange.Updated(before.get(i), library.get(i)));
                    }
                }
                atOnce.add(library.toArray(FileRow[]::new));

                assertThat(bitByBit.paths().stream()
                                .map(AlbumsTest::withoutNumber)
                                .sorted())
                        .containsExactlyElementsOf(atOnce.paths().stream()
                                .map(AlbumsTest::withoutNumber)
                                .sorted()
                                .toList());
            } finally {
                closed(atOnce);
                closed(bitByBit);
            }
        });
    }

    private static List<FileRow> library(Draw draw) {
        List<FileRow> library = new ArrayList<>();
        for (String folder : FOLDERS) {
            int tracks = draw.number(0, 4);
            for (int i = 0; i < tracks; i++) {
                int id = library.size() + 1;
                String artist = draw.of("A", "A feat. B", "C");
                library.add(track(
                        id,
                        folder + "/" + id + ".flac",
                        tags(artist, draw.of("", "", "A"), draw.of(1990, 1991), draw.number(0, 2), id)));
            }
        }
        return library;
    }

    private static String withoutNumber(String path) {
        return path.replaceAll(" \\([0-9]{1,2}\\)(?=\\.flac$)", "");
    }

    private static void closed(UpdaterFixture fixture) {
        try {
            fixture.closeVertx();
        } catch (TimeoutException late) {
            throw new AssertionError(late);
        }
    }
}
