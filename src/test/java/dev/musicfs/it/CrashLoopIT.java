package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the daemon at a random failpoint of the store, or at a random byte of what is read, starts it again and looks at
 * everything. {@code scripts/crashloop ROUNDS SEED} runs more rounds, or one seed again.
 */
class CrashLoopIT {
    private static final int ROUNDS = Integer.getInteger("musicfs.crash.rounds", 25);
    private static final long SEED = Long.getLong("musicfs.crash.seed", System.nanoTime());
    private static final int TRACKS = 12;
    private static final int READERS = 4;
    private static final int KILLED = 137;
    private static final List<String> POINTS =
            List.of("cas-put-before-write", "cas-rename", "cas-put-after-write-before-index", "index-commit", "");

    @TempDir
    Path dir;

    private Path origin;
    private Path mount;
    private Path cache;
    private Path config;
    private final Map<Path, Path> originals = new TreeMap<>();

    /** How a round ends. */
    private record Crash(String point, int passes, long atByte) {
        static Crash random(Random random) {
            String point = POINTS.get(random.nextInt(POINTS.size()));
            return new Crash(point, random.nextInt(12), 1 + random.nextInt(24 << 20));
        }

        boolean atAnInstant() {
            return point.isEmpty();
        }

        Map<String, String> environment() {
            return atAnInstant() ? Map.of() : Map.of("FAILPOINTS", point + "=" + passes + "*off->exit(" + KILLED + ")");
        }
    }

    @Test
    void everythingIsRightAfterACrashAnywhereInTheStore() throws Exception {
        prepare();
        SortedMap<String, String> right = new TreeMap<>();
        try (DaemonProcess daemon = start(Map.of())) {
            daemon.awaitOutput("musicfs: scanned ");
            right.putAll(Trees.hashes(mount));
            end(daemon);
        }
        Map<String, Path> byHash = new TreeMap<>();
        Trees.hashes(origin).forEach((path, hash) -> byHash.put(hash, origin.resolve(path)));
        right.forEach((path, hash) -> originals.put(mount.resolve(path), byHash.get(hash)));
        assertThat(originals).hasSizeGreaterThan(TRACKS).doesNotContainValue(null);
        System.out.println("crash loop: " + ROUNDS + " rounds, seed " + SEED);
        Random random = new Random(SEED);
        for (int round = 1; round <= ROUNDS; round++) {
            Crash crash = Crash.random(random);
            String where = "round " + round + " of seed " + SEED + ", " + crash;
            crash(crash, random.nextLong(), where);
            judge(right, where);
        }
    }

    private void prepare() throws Exception {
        origin = Files.createDirectories(dir.resolve("origin"));
        mount = Files.createDirectories(dir.resolve("mount"));
        cache = dir.resolve("cache");
        for (int track = 1; track <= TRACKS; track++) {
            Shell made = Shell.bash(
                    "ffmpeg -nostdin -loglevel error -f lavfi -i anoisesrc=d=20:r=48000:seed=" + track
                            + " -c:a pcm_s16le -metadata title=Noise" + track + " \"$1\"",
                    origin.resolve(track + ".wav"));
            assertThat(made.exitCode()).as(made.output()).isZero();
        }
        TestAudio.library(Files.createDirectories(origin.resolve("sampler")));
        for (Path other : Trees.files(origin)) {
            if (!other.toString().matches(".*\\.(wav|flac|mp3)")
                    || other.toString().contains("corrupt")) {
                Files.delete(other);
            }
        }
        config = Files.writeString(
                dir.resolve("musicfs.toml"),
                "[cache]\nlocal = \"always\"\nsize = \"16MiB\"\nmin_free = 0\ntags = \"4MiB\"\n");
    }

    private void crash(Crash crash, long readerSeed, String where) throws Exception {
        List<Path> before = chunks();
        Random chance = new Random(readerSeed);
        for (Path chunk : before) {
            if (chance.nextBoolean()) {
                Files.delete(chunk);
            }
        }
        Set<Path> kept = new HashSet<>(chunks());
        try (DaemonProcess daemon = start(crash.environment())) {
            AtomicLong bytes = new AtomicLong();
            ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
            List<Thread> readers = new ArrayList<>();
            List<Path> shown = List.copyOf(originals.keySet());
            for (int reader = 0; reader < READERS; reader++) {
                long seed = readerSeed + reader;
                Thread thread = new Thread(() -> read(daemon, shown, new Random(seed), bytes, wrong));
                thread.start();
                readers.add(thread);
            }
            if (crash.atAnInstant() || crash.point().equals("index-commit")) {
                daemon.await(() -> bytes.get() >= crash.atByte() || !daemon.isAlive(), where);
                daemon.signal(crash.atAnInstant() ? "KILL" : "TERM");
            }
            int exit = daemon.awaitExit();
            for (Thread thread : readers) {
                thread.join();
            }
            assertThat(wrong).as(where).isEmpty();
            Set<Path> written = new HashSet<>(chunks());
            written.removeAll(kept);
            if (crash.atAnInstant()) {
                assertThat(exit).as(where).isEqualTo(KILLED);
                assertThat(written)
                        .as("%s: nothing was written, so nothing was at risk", where)
                        .isNotEmpty();
            } else {
                assertThat(exit)
                        .as("%s: the point was not reached; %s", where, daemon.output())
                        .isEqualTo(KILLED);
            }
        }
    }

    private void judge(SortedMap<String, String> right, String where) throws Exception {
        try (DaemonProcess daemon = start(Map.of())) {
            assertThat(Trees.hashes(mount)).as(where).isEqualTo(right);
            Shell repair = cli("cache", "verify", "--repair");
            assertThat(repair.exitCode()).as("%s: %s", where, repair.output()).isIn(0, 1);
            Shell verify = cli("cache", "verify");
            assertThat(verify.exitCode()).as("%s: %s", where, verify.output()).isZero();
            long used = number(cli("cache", "stats", "--json").output(), "usedBytes");
            assertThat(used)
                    .as(where)
                    .isEqualTo(chunks().stream().mapToLong(CrashLoopIT::size).sum());
            assertThat(used).as(where).isLessThanOrEqualTo(16 << 20);
            end(daemon);
            assertThat(daemon.output()).as(where).doesNotContain("ERROR").doesNotContain("Exception");
        }
        assertThat(Trees.files(cache).stream().map(Path::toString).filter(name -> name.endsWith(".tmp")))
                .as(where)
                .isEmpty();
        assertThat(DaemonProcess.isMounted(mount)).as(where).isFalse();
    }

    /** Reads at random until the daemon is gone, and notes every byte that is not the original's. */
    private void read(
            DaemonProcess daemon,
            List<Path> shown,
            Random random,
            AtomicLong bytes,
            ConcurrentLinkedQueue<String> wrong) {
        byte[] piece = new byte[256 * 1024];
        while (daemon.isAlive()) {
            Path file = shown.get(random.nextInt(shown.size()));
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r");
                    RandomAccessFile original =
                            new RandomAccessFile(originals.get(file).toFile(), "r")) {
                long at = Math.floorMod(random.nextLong(), in.length());
                for (int step = 0; step < 6; step++) {
                    in.seek(at);
                    int n = in.read(piece);
                    if (n <= 0) {
                        break;
                    }
                    byte[] expected = new byte[n];
                    original.seek(at);
                    original.readFully(expected);
                    if (!Arrays.equals(piece, 0, n, expected, 0, n)) {
                        wrong.add(file + " at " + at);
                    }
                    at += n;
                    bytes.addAndGet(n);
                }
            } catch (IOException e) {
                if (!daemon.endsSoon()) {
                    wrong.add(file + " cannot be read: " + e);
                }
                return;
            }
        }
    }

    private DaemonProcess start(Map<String, String> environment) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-c", config.toString()));
        if (!environment.isEmpty()) {
            arguments.add("--failpoints");
        }
        return DaemonProcess.serving(environment, mount, cache, origin, arguments.toArray(String[]::new));
    }

    private Shell cli(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(DaemonProcess.javaJar());
        command.addAll(List.of(arguments));
        command.addAll(List.of("--cache-dir", cache.toString(), "-c", config.toString()));
        return Shell.run(command);
    }

    private static long number(String json, String key) {
        java.util.regex.Matcher matcher = java.util.regex.Pattern.compile("\"" + key + "\"\\s*:\\s*([0-9]+)")
                .matcher(json);
        assertThat(matcher.find()).as(json).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static void end(DaemonProcess daemon) throws Exception {
        daemon.signal("TERM");
        assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
    }

    private List<Path> chunks() {
        Path chunks = cache.resolve("store/chunks");
        return Files.isDirectory(chunks) ? Trees.files(chunks) : List.of();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
