package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.ReadOnlyView;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.SmallDisk;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library on a real mount whose every read goes through the content store. */
class CachedMountIT {
    @TempDir
    Path dir;

    private Path origin;
    private Path mount;
    private Path cache;

    @BeforeEach
    void prepare() throws IOException {
        origin = TestAudio.library(Files.createDirectories(dir.resolve("origin")));
        mount = Files.createDirectories(dir.resolve("mount"));
        cache = dir.resolve("cache");
    }

    @Test
    @Resilience({"B.5", "N.2"})
    void whatWasReadOnceIsReadAgainWithoutTheOrigin() throws Exception {
        SortedMap<String, String> first = readAllAndStop();
        assertThat(first.values()).isSubsetOf(Trees.hashes(origin).values());
        assertThat(chunks()).isNotEmpty();
        unplug();
        try (DaemonProcess daemon = serving()) {
            assertThat(shown(daemon)).isEqualTo(first);
            assertThat(daemon.output()).doesNotContain("ERROR");
        }
    }

    @Test
    @Resilience({"6.4", "B.1"})
    void everyFileIsRightWhenEveryChunkIsDamaged() throws Exception {
        SortedMap<String, String> right = readAllAndStop();
        List<Path> chunks = chunks();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (Path chunk : chunks) {
            flip(chunk, Math.floorMod(random.nextLong(), Files.size(chunk)));
        }
        assertThat(chunks).isNotEmpty();
        SortedMap<String, String> healed;
        try (DaemonProcess daemon = serving()) {
            healed = shown(daemon);
            stop(daemon);
        }
        assertThat(healed).as("seed %d", seed).isEqualTo(right);
        unplug();
        try (DaemonProcess daemon = serving()) {
            assertThat(shown(daemon))
                    .as("after the damage was mended, seed %d; %s", seed, daemon.output())
                    .isEqualTo(right);
        }
    }

    @Test
    @Resilience("6.4")
    void everyFileIsRightWhenChunksGoMissingWhileItServes() throws Exception {
        SortedMap<String, String> right = readAllAndStop();
        try (DaemonProcess daemon = serving()) {
            for (Path chunk : chunks()) {
                Files.delete(chunk);
            }
            assertThat(shown(daemon)).as(daemon.output()).isEqualTo(right);
        }
    }

    @Test
    void anAlbumsTracksStoreTheirCoverOnce() throws Exception {
        Path album = Files.createDirectories(dir.resolve("album"));
        Path cover = dir.resolve("cover.png");
        assertThat(Shell.bash(
                                "ffmpeg -nostdin -loglevel error -f lavfi -i nullsrc=s=500x500,geq=random\\(1\\)*255"
                                        + " -frames:v 1 \"$1\"",
                                cover)
                        .exitCode())
                .isZero();
        for (int track = 1; track <= 12; track++) {
            Path plain = TestAudio.track(TestAudio.Spec.of(AudioEncoding.FLAC)
                    .with("title", "Track " + track)
                    .with("album", "One Cover")
                    .with("track", Integer.toString(track))
                    .withHertz(200 + track));
            Shell made = Shell.bash(
                    "ffmpeg -nostdin -loglevel error -i \"$1\" -i \"$2\" -map 0:a -map 1:v -c copy"
                            + " -disposition:v attached_pic \"$3\"",
                    plain,
                    cover,
                    album.resolve(track + ".flac"));
            assertThat(made.exitCode()).as(made.output()).isZero();
        }
        origin = album;
        readAllAndStop();
        long files = Trees.files(album).stream().mapToLong(CachedMountIT::size).sum();
        long stored = chunks().stream().mapToLong(CachedMountIT::size).sum();
        assertThat(Files.size(cover)).isGreaterThan(100_000);
        assertThat(stored).isLessThan(files - 10 * Files.size(cover));
    }

    @Test
    @Resilience("6.6")
    void readsGoOnWhileTheCacheDiskIsReadOnlyAndAreStoredAgainAfterwards() throws Exception {
        try (DaemonProcess daemon = scanned()) {
            Files.createDirectories(cache.resolve("store/tmp"));
            Files.createDirectories(cache.resolve("store/chunks"));
            try (ReadOnlyView disk = ReadOnlyView.of(cache.resolve("store/tmp"), cache.resolve("store/chunks"))) {
                assertThat(disk.paths()).hasSize(2);
                SortedMap<String, String> shown = shown(daemon);
                assertThat(shown.values()).isSubsetOf(Trees.hashes(origin).values());
                assertThat(chunks()).isEmpty();
            }
            daemon.await(this::storesSomethingNow, "the store to be written again");
            stop(daemon);
        }
    }

    @Test
    @Resilience("2.8")
    void readsGoOnWhenTheCacheDiskIsFull() throws Exception {
        try (SmallDisk disk = SmallDisk.on(cache, "24m");
                DaemonProcess daemon = scanned()) {
            Path filler = disk.fill();
            SortedMap<String, String> shown = shown(daemon);
            assertThat(shown.values()).isSubsetOf(Trees.hashes(origin).values());
            Files.delete(filler);
            daemon.await(this::storesSomethingNow, "the store to be written again");
            stop(daemon);
        }
    }

    @Test
    @Resilience("6.7")
    void readsGoOnWhenTheStoresDirectoryIsTakenAway() throws Exception {
        SortedMap<String, String> right = readAllAndStop();
        try (DaemonProcess daemon = serving()) {
            Files.move(cache.resolve("store/chunks"), dir.resolve("taken"));
            Files.writeString(cache.resolve("store/chunks"), "in the way");
            assertThat(shown(daemon)).as(daemon.output()).isEqualTo(right);
            stop(daemon);
        }
    }

    /** Drops what the kernel has of the mount's files by reading them past it, so that the daemon is asked anew. */
    private boolean storesSomethingNow() {
        for (Path file : Trees.files(mount)) {
            try {
                Shell.run("dd", "if=" + file, "of=/dev/null", "iflag=nocache", "count=0", "status=none");
                Shell.run("dd", "if=" + file, "of=/dev/null", "bs=128k", "status=none");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
        }
        return !chunks().isEmpty();
    }

    private SortedMap<String, String> shown(DaemonProcess daemon) {
        try {
            return Trees.hashes(mount);
        } catch (java.io.UncheckedIOException e) {
            throw new AssertionError(daemon.output(), e);
        }
    }

    private SortedMap<String, String> readAllAndStop() throws Exception {
        try (DaemonProcess daemon = scanned()) {
            SortedMap<String, String> hashes = shown(daemon);
            assertThat(hashes).isNotEmpty();
            stop(daemon);
            return hashes;
        }
    }

    private DaemonProcess scanned() throws IOException {
        return DaemonProcess.scanned(mount, cache, origin, "-c", config().toString());
    }

    private DaemonProcess serving() throws IOException {
        return DaemonProcess.serving(mount, cache, origin, "-c", config().toString());
    }

    private Path config() throws IOException {
        return Files.writeString(
                dir.resolve("musicfs.toml"),
                "[cache]\nlocal = \"always\"\nsize = \"256MiB\"\nmin_free = 0\ntags = \"64MiB\"\n[logging]\nlevel = \"debug\"\n");
    }

    private void unplug() throws IOException {
        Files.move(origin, dir.resolve("unplugged"));
    }

    private static void stop(DaemonProcess daemon) throws Exception {
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

    private static void flip(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 0x40)}), offset);
        }
    }
}
