package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.control.client.ControlClient;
import dev.musicfs.control.client.RemoteCache;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the daemon at a random failpoint of the store, or at a random byte of what is read, starts it again and looks at
 * everything. {@code scripts/crashloop ROUNDS SEED} runs more rounds, or one seed again.
 */
public class CrashLoopIT {
    private static final int ROUNDS = Integer.getInteger("musicfs.crash.rounds", 13);
    private static final long SEED = Long.getLong("musicfs.crash.seed", System.nanoTime());
    private static final int TRACKS = 10;
    private static final int READERS = 4;
    private static final int KILLED = 137;
    private static final long SIZE_BYTES = 16L << 20;
    private static final int MOST_READ = 24 << 20;
    // With two threads that write chunks, at least three are whole by the time the point is passed so often.
    private static final int LEAST_PASSES = 4;
    private static final String INDEX_COMMIT = "index-commit";
    private static final List<String> POINTS_OF_CHUNKS =
            List.of("cas-put-before-write", "cas-rename", "cas-put-after-write-before-index", "");
    private static final List<String> POINTS =
            Stream.concat(POINTS_OF_CHUNKS.stream(), Stream.of(INDEX_COMMIT)).toList();

    /** The failpoints that it arms; {@code it.crash} has the others. */
    public static Set<String> points() {
        Set<String> points = new HashSet<>(POINTS);
        points.remove("");
        return points;
    }

    @TempDir
    Path dir;

    private Path origin;
    private Path mount;
    private Path cache;
    private Path config;
    private final Map<Path, Path> originals = new TreeMap<>();

    /**
     * How a round begins and ends.
     *
     * @param point the failpoint that ends it; empty: kill -9
     * @param passes how often the point is let by
     * @param atByte so many bytes read end it, where the point does not end it by itself
     * @param holes whether half the chunk files are deleted before, so that nothing need be evicted until its end
     */
    private record Crash(String point, int passes, long atByte, boolean holes) {
        static Crash random(Random random, List<String> points) {
            String point = points.get(random.nextInt(points.size()));
            boolean holes = random.nextBoolean();
            if (!point.equals(INDEX_COMMIT)) {
                return new Crash(point, LEAST_PASSES + random.nextInt(12), 1 + random.nextInt(MOST_READ), holes);
            }
            // How often it is passed while serving depends on the clock; at the end it is passed twice.
            return new Crash(point, random.nextInt(2), holes ? 1 + random.nextInt(2 << 20) : MOST_READ, holes);
        }

        boolean atAnInstant() {
            return point.isEmpty();
        }

        /** Whether somebody has to end it: an index is committed at the latest when the store is closed. */
        boolean needsASignal() {
            return atAnInstant() || point.equals(INDEX_COMMIT);
        }

        Map<String, String> environment() {
            return atAnInstant() ? Map.of() : Map.of("FAILPOINTS", point + "=" + passes + "*off->exit(" + KILLED + ")");
        }
    }

    @Test
    @Resilience({"5.7", "6.3", "B.3"})
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
            List<Crash> crashes = new ArrayList<>(List.of(Crash.random(random, POINTS)));
            if (random.nextInt(3) == 0) {
                // The second daemon crashes before the store has got over the crash of the first.
                crashes.add(Crash.random(random, POINTS_OF_CHUNKS));
            }
            String where = "round " + round + " of seed " + SEED + ", " + crashes;
            System.out.println(where);
            for (Crash crash : crashes) {
                crash(crash, random.nextLong(), where);
            }
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

    private void crash(Crash crash, long seed, String where) throws Exception {
        if (crash.holes()) {
            Random chance = new Random(seed);
            for (Path chunk : chunks()) {
                if (chance.nextBoolean()) {
                    Files.delete(chunk);
                }
            }
        }
        Set<Path> kept = new HashSet<>(chunks());
        try (DaemonProcess daemon = start(crash.environment())) {
            AtomicLong bytes = new AtomicLong();
            ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
            List<Thread> readers = new ArrayList<>();
            List<Path> shown = List.copyOf(originals.keySet());
            for (int reader = 0; reader < READERS; reader++) {
                Random random = new Random(seed + reader);
                Thread thread = new Thread(() -> read(daemon, shown, random, bytes, wrong));
                thread.start();
                readers.add(thread);
            }
            if (crash.needsASignal()) {
                daemon.await(
                        () -> (bytes.get() >= crash.atByte() && !written(kept).isEmpty()) || !daemon.isAlive(), where);
                if (crash.point().equals(INDEX_COMMIT)) {
                    // Then there is a use to be noted at its end, and after that the index is closed.
                    daemon.await(() -> !daemon.isAlive() || chunkReads() > 0, where);
                }
                if (daemon.isAlive()) {
                    daemon.signal(crash.atAnInstant() ? "KILL" : "TERM");
                }
            }
            int exit = daemon.awaitExit();
            for (Thread thread : readers) {
                thread.join();
            }
            assertThat(wrong).as(where).isEmpty();
            assertThat(exit)
                    .as("%s: ends as it should; it printed:%n%s", where, daemon.output())
                    .isEqualTo(KILLED);
            assertThat(daemon.output()).as(where).doesNotContain("ERROR").doesNotContain("Exception");
            assertThat(written(kept))
                    .as("%s: nothing was written, so nothing was at risk", where)
                    .isNotEmpty();
            assertThat(chunkBytes()).as(where).isLessThanOrEqualTo(SIZE_BYTES);
        }
    }

    private void judge(SortedMap<String, String> right, String where) throws Exception {
        try (DaemonProcess daemon = start(Map.of())) {
            assertThat(Trees.hashes(mount)).as(where).isEqualTo(right);
            stillRuns(daemon, where);
            Shell repair = cli("cache", "verify", "--repair");
            assertThat(repair.exitCode()).as("%s: %s", where, repair.output()).isIn(0, 1);
            Shell verify = cli("cache", "verify");
            assertThat(verify.exitCode()).as("%s: %s", where, verify.output()).isZero();
            stillRuns(daemon, where);
            // What was read last is written behind the reader.
            daemon.await(this::knowsItsBytes, "the true sum of the chunk files: " + where);
            assertThat(usedBytes()).as(where).isLessThanOrEqualTo(SIZE_BYTES);
            end(daemon);
            assertThat(daemon.output()).as(where).doesNotContain("ERROR").doesNotContain("Exception");
        }
        assertThat(Trees.files(cache).stream().map(Path::toString).filter(name -> name.endsWith(".tmp")))
                .as(where)
                .isEmpty();
        assertThat(DaemonProcess.isMounted(mount)).as(where).isFalse();
    }

    private boolean knowsItsBytes() {
        try {
            return usedBytes() == chunkBytes();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
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
        return DaemonProcess.run(arguments, "--cache-dir", cache.toString(), "-c", config.toString());
    }

    private long usedBytes() throws Exception {
        Shell stats = cli("cache", "stats", "--json");
        assertThat(stats.exitCode()).as(stats.output()).isZero();
        Matcher matcher = Pattern.compile("\"usedBytes\"\\s*:\\s*([0-9]+)").matcher(stats.output());
        assertThat(matcher.find()).as(stats.output()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    /** Asks the daemon and nobody else: the command would open the store itself when the daemon has just died. */
    private long chunkReads() {
        try (RemoteCache daemon = new RemoteCache(new ControlClient(cache, ControlClient.PATIENCE))) {
            return daemon.statsBlocking().reads();
        } catch (MusicFsException e) {
            return 0;
        }
    }

    /** Without a daemon the commands would open the store themselves, and be content with it. */
    private static void stillRuns(DaemonProcess daemon, String where) throws InterruptedException {
        if (!daemon.isAlive()) {
            throw new AssertionError(where + ": the daemon ended by itself with exit code " + daemon.awaitExit()
                    + "; it printed:\n" + daemon.output());
        }
    }

    private static void end(DaemonProcess daemon) throws Exception {
        stillRuns(daemon, "at the end");
        daemon.signal("TERM");
        assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
    }

    /** Names only: while the daemon runs, files go between being listed and being looked at. */
    private List<Path> chunks() throws IOException {
        List<Path> chunks = new ArrayList<>();
        Path all = cache.resolve("store/chunks");
        if (Files.isDirectory(all)) {
            for (Path shard : list(all)) {
                chunks.addAll(list(shard));
            }
        }
        return chunks;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private long chunkBytes() throws IOException {
        long bytes = 0;
        for (Path chunk : chunks()) {
            bytes += Files.size(chunk);
        }
        return bytes;
    }

    private Set<Path> written(Set<Path> kept) {
        try {
            Set<Path> written = new HashSet<>(chunks());
            written.removeAll(kept);
            return written;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
