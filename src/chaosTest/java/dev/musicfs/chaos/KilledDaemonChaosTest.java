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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A program that scans all the time and deletes what it cannot find, while the daemon is killed again and again.
 *
 * <p>It is killed once the kernel has what the program looks at, which takes two scans: reading a directory makes its
 * time of access doubtful, so that the next stat(2) of it asks the daemon again. From then on the kernel answers for the
 * dead daemon, amid a scan as well as until the next start. Who kills a daemon amid the first scan since its start loses
 * what MPD meets just then, whatever the daemon does: a directory it has listed and cannot stat is gone for it. Once in
 * some hundred kills that is seen.
 */
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
    /** One may have been under way, and two are over then. */
    private static final int UNTIL_KNOWN = 3;

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
            AtomicInteger scans = new AtomicInteger();
            CompletableFuture<Void> scanning = CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    assertThat(mpd.update()).as("scan %d ends", scans.get() + 1).isTrue();
                    scans.incrementAndGet();
                }
            });
            for (int kill = 1; kill <= KILLS; kill++) {
                int known = scans.get() + UNTIL_KNOWN;
                mounted.daemon().await(() -> scans.get() >= known || scanning.isDone(), "scans since the start");
                LockSupport.parkNanos((long) (random.nextDouble() * LONGEST_PAUSE_NANOS));
                mounted.daemon().signal("KILL");
                mounted.daemon().awaitExit();
                LockSupport.parkNanos((long) (random.nextDouble() * LONGEST_PAUSE_NANOS));
                assertThat(mpd.songs())
                        .as("dead for the %d. time, seed %d", kill, seed)
                        .isEqualTo(all);
                mounted = Mounted.start(dir, configuration);
                mounted.daemon().awaitOutput("musicfs: serving ");
                mounted.awaitTracks(library);
                assertThat(mpd.songs()).as("after kill %d, seed %d", kill, seed).isEqualTo(all);
            }
            over.set(true);
            scanning.get(2, TimeUnit.MINUTES);
            System.out.println("MPD scanned " + scans + " times amid " + KILLS + " kills, seed " + seed);
            assertThat(mpd.rescan()).as("MPD ends its last scan").isTrue();
            assertThat(mpd.songs()).as("seed %d", seed).isEqualTo(all);
            assertThat(mpd.playCounts()).as("seed %d", seed).isEqualTo(counts);
        } finally {
            mounted.close();
        }
    }
}
