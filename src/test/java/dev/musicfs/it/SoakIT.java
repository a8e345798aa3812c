package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.FuseControl;
import dev.musicfs.testkit.ReadOnlyView;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.SmallDisk;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One daemon under mixed load with faults at random: origins taken away, chunks damaged, the cache's disk filled, the
 * mount aborted, files changed, commands and reloads. No byte that was read is wrong; when all is healed, everything
 * reads, and what the process holds has not grown. {@code scripts/soak MINUTES [SEED]} runs it for long, and only then is
 * the growth judged: a young JVM has not got its size yet.
 */
class SoakIT {
    private static final long SECONDS = Long.getLong("musicfs.soak.seconds", 40);
    private static final long SEED = Long.getLong("musicfs.soak.seed", System.nanoTime());
    private static final long JUDGED_FROM_SECONDS = 300;
    private static final int READERS = 4;
    /** As players pause between two reads, if not for so short. */
    private static final int READ_PAUSE_MILLIS = 20;

    private static final int SAMPLES = 120;
    private static final int FAULTS = 9;
    /** As that of fsck(8). */
    private static final int NOT_DONE = 8;

    @TempDir
    Path dir;

    private final Random random = new Random(SEED);
    private final Map<String, Path> originals = new TreeMap<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytesCompared = new AtomicLong();
    private final AtomicLong failedReads = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Growth growth = new Growth();
    private final Map<String, Integer> done = new TreeMap<>();
    private Path mount;
    private Path cache;
    private Path disk;
    private Path first;
    private Path second;
    private Path config;

    @Test
    @Resilience({"5.8", "B.6"})
    void nothingWrongIsReadAndNothingGrowsUnderLoadAndFaults() throws Exception {
        System.out.println("soak: " + SECONDS + " s, seed " + SEED);
        prepare();
        try (SmallDisk small = SmallDisk.on(disk, "96m");
                FuseControl control = FuseControl.mount(dir.resolve("fusectl"));
                DaemonProcess daemon = DaemonProcess.configured(Map.of(), mount, cache, config)) {
            daemon.awaitOutput("musicfs: scanned first");
            daemon.awaitOutput("musicfs: scanned second");
            learn();
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                Random own = new Random(SEED + i);
                Thread reader = new Thread(() -> read(own), "soak-reader-" + i);
                reader.start();
                readers.add(reader);
            }
            try {
                load(daemon, small, control);
            } finally {
                over.set(true);
                for (Thread reader : readers) {
                    reader.join();
                }
            }
            heal(daemon);
            growth.sample(daemon, cache, SECONDS);
            growth.report();
            report();
            assertThat(wrong).isEmpty();
            assertThat(bytesCompared.get()).isPositive();
            assertThat(done).as("every fault was tried").hasSize(FAULTS);
            if (SECONDS >= JUDGED_FROM_SECONDS) {
                growth.isFlat();
            }
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.output().lines().filter(line -> line.contains(" ERROR ")))
                    .allMatch(line -> line.contains("was aborted; it is mounted anew"));
        }
    }

    private void prepare() throws Exception {
        mount = Files.createDirectories(dir.resolve("mount"));
        disk = Files.createDirectories(dir.resolve("disk"));
        cache = disk.resolve("cache");
        first = Files.createDirectories(dir.resolve("first"));
        second = Files.createDirectories(dir.resolve("second"));
        TestAudio.library(Files.createDirectories(first.resolve("sampler")));
        for (int track = 1; track <= 12; track++) {
            Shell made = Shell.bash(
                    "ffmpeg -nostdin -loglevel error -f lavfi -i anoisesrc=d=30:r=48000:seed=" + track
                            + " -c:a pcm_s16le -metadata title=Noise" + track + " \"$1\"",
                    (track % 2 == 0 ? first : second).resolve(track + ".wav"));
            assertThat(made.exitCode()).as(made.output()).isZero();
        }
        config = dir.resolve("musicfs.toml");
        configure("info", 24);
    }

    private void configure(String level, int sizeMib) throws IOException {
        Files.writeString(
                config,
                "[cache]\nlocal = \"always\"\nsize = \"" + sizeMib + "MiB\"\nmin_free = 0\ntags = \"4MiB\"\n"
                        + "[logging]\nlevel = \"" + level + "\"\n" + origin("first", first)
                        + origin("second", second));
    }

    private static String origin(String id, Path path) {
        return "[[origins]]\nid = \"" + id + "\"\ntype = \"local\"\npath = \"" + path + "\"\n";
    }

    /** Which original each file of the mount is; their content never changes, their number does. */
    private void learn() {
        Map<String, Path> byHash = new TreeMap<>();
        for (Path origin : List.of(first, second)) {
            Trees.hashes(origin).forEach((path, hash) -> byHash.put(hash, origin.resolve(path)));
        }
        Trees.hashes(mount).forEach((path, hash) -> originals.put(path, byHash.get(hash)));
        assertThat(originals).hasSizeGreaterThan(20).doesNotContainValue(null);
    }

    private void load(DaemonProcess daemon, SmallDisk small, FuseControl control) throws Exception {
        long began = System.nanoTime();
        long nextSample = 0;
        int fault = 0;
        while (true) {
            long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            if (second >= SECONDS && fault >= FAULTS) {
                return;
            }
            if (second >= nextSample) {
                growth.sample(daemon, cache, second);
                nextSample = second + Math.max(1, SECONDS / SAMPLES);
            }
            // In turn at first, so that a short run meets all of them.
            fault(fault < FAULTS ? fault : random.nextInt(FAULTS), daemon, small, control);
            fault++;
            pause(200 + random.nextInt(800));
            assertThat(daemon.isAlive()).as(daemon.output()).isTrue();
        }
    }

    private void fault(int which, DaemonProcess daemon, SmallDisk small, FuseControl control) throws Exception {
        switch (which) {
            case 0 -> {
                Path origin = random.nextBoolean() ? first : second;
                Path away = dir.resolve("away");
                Files.move(origin, away);
                pause(500 + random.nextInt(2_000));
                Files.move(away, origin);
                did("origin away and back");
            }
            case 1 -> {
                for (Path chunk : chunks()) {
                    if (random.nextInt(4) == 0) {
                        flip(chunk);
                    }
                }
                did("chunks damaged");
            }
            case 2 -> {
                Path ballast = small.fill();
                pause(500 + random.nextInt(1_500));
                Files.delete(ballast);
                did("disk of the cache full");
            }
            case 3 -> {
                int before = count(daemon.output(), "is mounted again");
                control.abort(mount);
                daemon.await(() -> count(daemon.output(), "is mounted again") > before, "the mount to come back");
                did("connection aborted");
            }
            case 4 -> {
                Path added = first.resolve("added.flac");
                if (!Files.deleteIfExists(added)) {
                    Files.copy(
                            TestAudio.track(
                                    TestAudio.Spec.of(AudioEncoding.FLAC).with("title", "Added")),
                            added);
                }
                did("file added or removed");
            }
            case 5 -> {
                Shell status = command("status");
                assertThat(status.exitCode()).as(status.output()).isIn(0, 3);
                Shell verify = command("cache", "verify", "--repair");
                // Shortly after a fault of the disk, before that has been found to be over.
                boolean refused =
                        verify.exitCode() == NOT_DONE && verify.output().contains("cannot be used at present");
                assertThat(refused || verify.exitCode() < NOT_DONE)
                        .as("%d: %s", verify.exitCode(), verify.output())
                        .isTrue();
                did("status and verify");
            }
            case 6 -> {
                configure("info", 20 + random.nextInt(12));
                daemon.signal("HUP");
                did("reload");
            }
            case 7 -> {
                try (ReadOnlyView view = ReadOnlyView.of(cache.resolve("store/tmp"), cache.resolve("store/chunks"))) {
                    assertThat(view.paths()).hasSize(2);
                    pause(500 + random.nextInt(1_500));
                }
                did("disk of the cache read-only");
            }
            default -> {
                Shell listed = Shell.bash("ls -lR \"$1\"", mount);
                Shell rescan = command("origin", "rescan", "first");
                assertThat(listed.output()).isNotEmpty();
                assertThat(rescan.exitCode()).as(rescan.output()).isZero();
                did("listing and rescan");
            }
        }
    }

    private void did(String what) {
        done.merge(what, 1, Integer::sum);
    }

    /** Reads at random; an error is the fault's, wrong bytes are ours. */
    private void read(Random own) {
        List<String> names = List.copyOf(originals.keySet());
        byte[] piece = new byte[256 << 10];
        while (!over.get()) {
            String name = names.get(own.nextInt(names.size()));
            Path original = originals.get(name);
            try (RandomAccessFile in = new RandomAccessFile(mount.resolve(name).toFile(), "r")) {
                long length = in.length();
                for (int step = 0; step < 8 && !over.get(); step++) {
                    long at = Math.floorMod(own.nextLong(), Math.max(1, length));
                    in.seek(at);
                    int n = in.read(piece);
                    if (n > 0) {
                        compare(name, original, at, Arrays.copyOf(piece, n));
                        pause(own.nextInt(READ_PAUSE_MILLIS));
                    }
                }
            } catch (IOException e) {
                failedReads.incrementAndGet();
                pause(20);
            }
        }
    }

    private void compare(String name, Path original, long at, byte[] got) {
        // The origin may be away at the moment, under another name.
        for (Path place : List.of(
                original, dir.resolve("away").resolve(original.getParent().relativize(original)))) {
            try (RandomAccessFile file = new RandomAccessFile(place.toFile(), "r")) {
                byte[] expected = new byte[got.length];
                file.seek(at);
                file.readFully(expected);
                if (!Arrays.equals(expected, got)) {
                    wrong.add(name + " at " + at);
                }
                bytesCompared.addAndGet(got.length);
                return;
            } catch (IOException e) {
                // Not there.
            }
        }
    }

    /** Everything is whole again: then everything reads, and soon. */
    private void heal(DaemonProcess daemon) {
        Map<String, String> right = new TreeMap<>();
        originals.forEach((name, original) -> right.put(name, Trees.sha256(original)));
        daemon.await(() -> reads(right), "every file to be read right when all is healed");
    }

    private boolean reads(Map<String, String> right) {
        try {
            Map<String, String> shown = new TreeMap<>(Trees.hashes(mount));
            shown.keySet().retainAll(new TreeSet<>(right.keySet()));
            return shown.equals(right);
        } catch (UncheckedIOException e) {
            pause(200);
            return false;
        }
    }

    private void report() {
        System.out.println("soak: " + (bytesCompared.get() >> 20) + " MiB read and compared, " + failedReads.get()
                + " reads failed under a fault, " + done);
    }

    private Shell command(String... arguments) throws Exception {
        return DaemonProcess.run(arguments, "--cache-dir", cache.toString());
    }

    private List<Path> chunks() throws IOException {
        Path all = cache.resolve("store/chunks");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(all)) {
            return files.filter(file -> file.getFileName().toString().length() > 10)
                    .filter(Files::isRegularFile)
                    .toList();
        } catch (UncheckedIOException e) {
            return List.of(); // one was evicted while they were listed
        }
    }

    private void flip(Path chunk) {
        try (RandomAccessFile file = new RandomAccessFile(chunk.toFile(), "rw")) {
            if (file.length() > 0) {
                long at = Math.floorMod(random.nextLong(), file.length());
                file.seek(at);
                int was = file.read();
                file.seek(at);
                file.write(was ^ 1);
            }
        } catch (IOException e) {
            // It was evicted.
        }
    }

    private static int count(String text, String what) {
        return text.split(Pattern.quote(what), -1).length - 1;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
