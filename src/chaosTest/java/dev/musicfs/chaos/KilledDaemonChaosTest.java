package dev.musicfs.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.Kernel;
import dev.musicfs.testkit.Resilience;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A program that scans all the time and deletes what it cannot find, while the daemon is killed again and again. */
@ExtendWith(LabExtension.class)
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledDaemonChaosTest {
    private static final List<AudioEncoding> KINDS =
            List.of(AudioEncoding.FLAC, AudioEncoding.MP3_ID3V23, AudioEncoding.OGG_VORBIS);
    private static final int EACH = 12;
    private static final int MILLIS = 10_000;
    private static final int PLAYS = 5;
    private static final int KILLS = 10;
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(800);

    @Test
    @Resilience({"2.7", "B.2"})
    void mpdLosesNoTrackThoughTheDaemonIsKilledTenTimesWhileItScans(Lab lab) throws Exception {
        Kernel.assumeMountsGoBeneathOthers();
        Path dir = lab.scratch("killed");
        Library library = Library.ofKinds(lab, "Killed", KINDS, EACH, MILLIS);
        Set<String> all = new TreeSet<>(library.shown());
        String configuration = Mounted.origin("disk", 1, "path = \"" + library.dir() + "\"");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Mounted mounted = Mounted.scanned(dir, configuration, library);
        try (Mpd mpd = Mpd.start(dir.resolve("mpd"), mounted.mountPoint())) {
            assertThat(mpd.update()).as("MPD ends its first scan").isTrue();
            assertThat(mpd.songs()).isEqualTo(all);
            all.forEach(song -> mpd.played(song, PLAYS));
            Set<String> counts = mpd.playCounts();
            assertThat(counts).hasSameSizeAs(all);
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Integer> scanning = CompletableFuture.supplyAsync(() -> {
                int scans = 0;
                while (!over.get()) {
                    assertThat(mpd.update()).as("scan %d ends", ++scans).isTrue();
                }
                return scans;
            });
            for (int kill = 1; kill <= KILLS; kill++) {
                LockSupport.parkNanos((long) (random.nextDouble() * LONGEST_PAUSE_NANOS));
                mounted.daemon().signal("KILL");
                mounted.daemon().awaitExit();
                LockSupport.parkNanos((long) (random.nextDouble() * LONGEST_PAUSE_NANOS));
                mounted = Mounted.start(dir, configuration);
                mounted.daemon().awaitOutput("musicfs: serving ");
                mounted.awaitTracks(library);
                assertThat(mpd.songs()).as("after kill %d, seed %d", kill, seed).isEqualTo(all);
            }
            over.set(true);
            int scans = scanning.get(2, TimeUnit.MINUTES);
            System.out.println("MPD scanned " + scans + " times amid " + KILLS + " kills, seed " + seed);
            assertThat(mpd.rescan()).as("MPD ends its last scan").isTrue();
            assertThat(mpd.songs()).as("seed %d", seed).isEqualTo(all);
            assertThat(mpd.playCounts()).as("seed %d", seed).isEqualTo(counts);
        } finally {
            mounted.close();
        }
    }
}
