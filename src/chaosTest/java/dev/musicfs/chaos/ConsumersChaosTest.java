package dev.musicfs.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.Resilience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Programs that delete what they cannot find, on a mount whose only origin goes away after each has scanned everything
 * once: they keep every track and what they know of it, none of them hangs, and scanning everything again asks the origin
 * for nothing. The tests share what was scanned, and none of them leaves more in the store than it found.
 */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConsumersChaosTest {
    private static final List<AudioEncoding> KINDS = List.of(
            AudioEncoding.FLAC,
            AudioEncoding.MP3_ID3V23,
            AudioEncoding.OGG_VORBIS,
            AudioEncoding.OPUS,
            AudioEncoding.M4A_AAC);
    private static final int EACH = 8;
    // Most of a track is then not read by a scan.
    private static final int MILLIS = 60_000;
    private static final int PLAYS = 7;
    // Everything else is what users have, above all how far is read ahead.
    private static final String HEALTH =
            """
            [health]
            interval = "1s"
            timeout = "%s"

            """;
    /** How long an origin may take. MPD waits for good when a read of its first scan fails, however busy the machine is. */
    private static final String PATIENT = "20s";

    private static final String IMPATIENT = "2s";
    private static final Duration BOUND = Duration.ofSeconds(40);
    private static final Duration KNOWN_BOUND = Duration.ofSeconds(5);

    private Path dir;
    private Library library;
    private Proxied way;
    private String configuration;
    private Mounted mounted;
    private Mpd mpd;
    private Minidlna minidlna;
    private Beets beets;
    private Set<String> all;

    @BeforeAll
    void everybodyHasScannedEverythingOnce(Lab lab) throws Exception {
        dir = lab.scratch("consumers");
        library = Library.ofKinds(lab, "Consumed", KINDS, EACH, MILLIS);
        all = new TreeSet<>(library.shown());
        way = lab.wayTo(Protocol.SFTP);
        configuration = configuration(lab, library, way, PATIENT);
        mounted = Mounted.scanned(dir, configuration, library);
        mpd = Mpd.start(dir.resolve("mpd"), mounted.mountPoint());
        minidlna = new Minidlna(dir.resolve("minidlna"), mounted.mountPoint());
        beets = new Beets(dir.resolve("beets"), mounted.mountPoint());
        assertThat(mpd.update()).as("MPD ends its first scan").isTrue();
        assertThat(minidlna.scan()).as("minidlna ends its first scan").isTrue();
        assertThat(beets.scan()).as("beets ends its first scan").isTrue();
        all.forEach(song -> mpd.played(song, PLAYS));
        minidlna.played(PLAYS);
        assertThat(beets.played(PLAYS)).isTrue();
        everybodyHasEverything();
        mounted.awaitHealed();
    }

    private static String configuration(Lab lab, Library music, Proxied over, String timeout) {
        return HEALTH.formatted(timeout)
                + Mounted.origin("far", 1, timeout, Protocol.SFTP.keys(lab, music.dir(), over.port()));
    }

    @AfterEach
    void heal() {
        way.heal();
        mounted.awaitHealed();
    }

    @AfterAll
    void end() {
        if (mpd != null) {
            mpd.close();
        }
        if (mounted != null) {
            mounted.close();
        }
        if (way != null) {
            way.close();
        }
    }

    @Test
    @Resilience("B.2")
    void aForcedScanOfEverythingAsksTheOriginForNoByte() throws Exception {
        long asked = bytesOfAScan();
        // MPD reads ahead on threads of its own, and what it had asked for when it was content with a file depends on
        // how
        // fast it was given it: what it never waited for is fetched now, once.
        assertThat(asked).as("bytes from the origin").isLessThan(libraryBytes() / 10);
        for (int more = 0; asked != 0 && more < 3; more++) {
            asked = bytesOfAScan();
        }
        assertThat(asked).as("bytes from the origin").isZero();
    }

    @Test
    @Resilience({"B.2", "N.2"})
    void nobodyLosesATrackWhileTheOriginRefuses() throws Exception {
        way.ail(Fault.DOWN);
        dropPages();
        everybodyScansAgain();
    }

    @Test
    @Resilience({"B.2", "N.2"})
    void nobodyLosesATrackWhileTheOriginIsFrozen() throws Exception {
        way.ail(Fault.BLACKHOLE);
        dropPages();
        everybodyScansAgain();
    }

    @Test
    @Resilience({"B.2", "B.5"})
    void nobodyLosesATrackAfterAStartWithTheOriginAway() throws Exception {
        way.ail(Fault.DOWN);
        mpd.close();
        mounted.close();
        mounted = Mounted.start(dir, configuration);
        mounted.daemon().await(() -> mounted.api().isOpen(), "the daemon to be ready to talk");
        mpd = Mpd.start(dir.resolve("mpd"), mounted.mountPoint());
        everybodyScansAgain();
    }

    @Test
    @Resilience({"3.8", "B.2", "N.4"})
    void aNewTrackOnAFrozenOriginHoldsMpdUpForAReadAtMostAndForNothingOnceThatIsKnown(Lab lab) throws Exception {
        Library growing = Library.of(lab, "Growing", 6, 3_000);
        Path own = lab.scratch("growing");
        try (Proxied over = lab.wayTo(Protocol.SFTP);
                Mounted grows = Mounted.scanned(own, configuration(lab, growing, over, IMPATIENT), growing);
                Mpd player = Mpd.start(own.resolve("mpd"), grows.mountPoint())) {
            assertThat(player.update()).isTrue();
            Set<String> known = player.songs();
            assertThat(known).isEqualTo(Set.copyOf(growing.shown()));
            known.forEach(song -> player.played(song, PLAYS));
            growing.grow();
            growing.grow();
            grows.awaitTracks(growing);

            over.ail(Fault.BLACKHOLE);
            Duration unawares = timed(player::update);
            grows.daemon().await(() -> grows.api().state().equals("offline"), "the daemon to be offline");
            Duration aware = timed(player::rescan);
            System.out.printf(
                    "chaos: MPD meets 2 tracks never read on a frozen origin: %.1f s, and %.1f s once that is known%n",
                    unawares.toMillis() / 1e3, aware.toMillis() / 1e3);
            assertThat(unawares).isLessThan(BOUND);
            assertThat(aware).isLessThan(KNOWN_BOUND);
            assertThat(player.songs()).containsAll(known);
            assertThat(player.playCounts()).isEqualTo(with(known, " playcount=" + PLAYS));

            over.heal();
            grows.awaitHealed();
            assertThat(player.update()).isTrue();
            assertThat(player.songs()).isEqualTo(Set.copyOf(growing.shown()));
        }
    }

    private void everybodyScansAgain() throws Exception {
        long before = mounted.api().reads();
        assertThat(mpd.update()).as("MPD ends its update").isTrue();
        assertThat(mpd.rescan()).as("MPD ends its forced scan").isTrue();
        assertThat(minidlna.rescan()).as("minidlna ends its scan").isTrue();
        assertThat(beets.update()).as("beets ends its update").isTrue();
        assertThat(beets.rescan()).as("beets ends its forced scan").isTrue();
        Minidlna forgetful = new Minidlna(dir.resolve("forgetful"), mounted.mountPoint());
        assertThat(forgetful.scan()).as("minidlna ends a scan from nothing").isTrue();
        assertThat(mounted.api().reads() - before)
                .as("reads that the kernel did not answer")
                .isGreaterThan(all.size());
        assertThat(forgetful.tracks()).isEqualTo(knownToMinidlna(all));
        everybodyHasEverything();
    }

    private interface Doing {
        boolean go() throws Exception;
    }

    private static Duration timed(Doing doing) throws Exception {
        long begin = System.nanoTime();
        assertThat(doing.go()).as("it ends").isTrue();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private void everybodyHasEverything() throws Exception {
        assertThat(mpd.songs()).as("MPD's songs").isEqualTo(all);
        assertThat(mpd.playCounts()).as("MPD's stickers").isEqualTo(with(all, " playcount=" + PLAYS));
        assertThat(minidlna.tracks()).as("minidlna's tracks").isEqualTo(knownToMinidlna(all));
        assertThat(minidlna.playCounts())
                .as("minidlna's play counts")
                .isEqualTo(with(knownToMinidlna(all), " " + PLAYS));
        assertThat(beets.tracks()).as("beets' tracks and play counts").isEqualTo(with(all, " " + PLAYS));
    }

    /** Debian 12's minidlna 1.3 has not heard of Opus. */
    private static Set<String> knownToMinidlna(Set<String> tracks) {
        Set<String> known = new TreeSet<>(tracks);
        known.removeIf(track -> track.endsWith(".opus"));
        return known;
    }

    private static Set<String> with(Set<String> tracks, String what) {
        Set<String> each = new TreeSet<>();
        tracks.forEach(track -> each.add(track + what));
        return each;
    }

    private long bytesOfAScan() throws Exception {
        dropPages();
        long before = fetchedBytes();
        everybodyScansAgain();
        return fetchedBytes() - before;
    }

    private long libraryBytes() throws IOException {
        long bytes = 0;
        for (String song : all) {
            bytes += Files.size(library.original(song));
        }
        return bytes;
    }

    private long fetchedBytes() {
        return mounted.api().origin("far").getLong("fetchedBytes");
    }

    /** The kernel must not answer for the daemon. */
    private void dropPages() {
        all.forEach(mounted::dropPageCache);
    }
}
