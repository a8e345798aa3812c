package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.ReadOnlyView;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
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

    private SampleMount it;

    @BeforeEach
    void prepare() throws IOException {
        it = SampleMount.in(dir, dir.resolve("cache"), "256MiB");
    }

    @Test
    @Resilience({"B.5", "N.2"})
    void whatWasReadOnceIsReadAgainWithoutTheOrigin() throws Exception {
        SortedMap<String, String> right = it.readOnce();
        assertThat(chunks()).isNotEmpty();
        unplug();
        try (DaemonProcess daemon = it.startServing()) {
            assertThat(shown(daemon)).isEqualTo(right);
            assertThat(daemon.output()).doesNotContain("ERROR");
        }
    }

    @Test
    @Resilience({"6.4", "B.1"})
    void everyFileIsRightWhenEveryChunkIsDamaged() throws Exception {
        SortedMap<String, String> right = it.readOnce();
        List<Path> chunks = chunks();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (Path chunk : chunks) {
            flip(chunk, Math.floorMod(random.nextLong(), Files.size(chunk)));
        }
        assertThat(chunks).isNotEmpty();
        SortedMap<String, String> healed;
        try (DaemonProcess daemon = it.startServing()) {
            healed = shown(daemon);
            it.end(daemon);
        }
        assertThat(healed).as("seed %d", seed).isEqualTo(right);
        unplug();
        try (DaemonProcess daemon = it.startServing()) {
            assertThat(shown(daemon))
                    .as("after the damage was mended, seed %d; %s", seed, daemon.output())
                    .isEqualTo(right);
        }
    }

    @Test
    @Resilience("6.4")
    void everyFileIsRightWhenChunksGoMissingWhileItServes() throws Exception {
        SortedMap<String, String> right = it.readOnce();
        try (DaemonProcess daemon = it.startServing()) {
            for (Path chunk : chunks()) {
                Files.delete(chunk);
            }
            assertThat(shown(daemon)).as(daemon.output()).isEqualTo(right);
            daemon.await(() -> !chunks().isEmpty(), "what was fetched again to be stored again");
        }
    }

    @Test
    void anAlbumsTracksStoreTheirCoverOnce() throws Exception {
        Shell.require("rm", "-r", it.origin().toString());
        Path album = Files.createDirectories(it.origin());
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
        try (DaemonProcess daemon = it.startScanned()) {
            assertThat(Trees.hashes(it.mount()).values())
                    .containsExactlyInAnyOrderElementsOf(Trees.hashes(album).values());
            it.end(daemon);
        }
        long files = Trees.files(album).stream().mapToLong(CachedMountIT::size).sum();
        long stored = chunks().stream().mapToLong(CachedMountIT::size).sum();
        assertThat(Files.size(cover)).isGreaterThan(100_000);
        assertThat(stored).isLessThan(files - 10 * Files.size(cover));
    }

    @Test
    @Resilience("6.6")
    void readsGoOnWhileTheCacheDiskIsReadOnlyAndAreStoredAgainAfterwards() throws Exception {
        try (DaemonProcess daemon = it.startScanned()) {
            Files.createDirectories(it.cache().resolve("store/tmp"));
            Files.createDirectories(it.cache().resolve("store/chunks"));
            try (ReadOnlyView disk =
                    ReadOnlyView.of(it.cache().resolve("store/tmp"), it.cache().resolve("store/chunks"))) {
                assertThat(disk.paths()).hasSize(2);
                assertThat(shown(daemon)).isEqualTo(it.right());
                assertThat(chunks()).isEmpty();
            }
            daemon.await(this::storesSomethingNow, "the store to be written again");
            it.end(daemon);
        }
    }

    @Test
    @Resilience("2.8")
    void readsGoOnWhenTheCacheDiskIsFull() throws Exception {
        try (SmallDisk disk = SmallDisk.on(it.cache(), "24m");
                DaemonProcess daemon = it.startScanned()) {
            Path filler = disk.fill();
            assertThat(shown(daemon)).isEqualTo(it.right());
            assertThat(chunks()).as("it was full").isEmpty();
            Files.delete(filler);
            daemon.await(this::storesSomethingNow, "the store to be written again");
            it.end(daemon);
        }
    }

    @Test
    @Resilience("6.7")
    void readsGoOnWhenTheStoresDirectoryIsTakenAway() throws Exception {
        SortedMap<String, String> right = it.readOnce();
        try (DaemonProcess daemon = it.startServing()) {
            Files.move(it.cache().resolve("store/chunks"), dir.resolve("taken"));
            Files.writeString(it.cache().resolve("store/chunks"), "in the way");
            assertThat(shown(daemon)).as(daemon.output()).isEqualTo(right);
            it.end(daemon);
        }
    }

    private boolean storesSomethingNow() {
        return it.reads(it.right()) && !chunks().isEmpty();
    }

    private SortedMap<String, String> shown(DaemonProcess daemon) {
        try {
            return Trees.hashes(it.mount());
        } catch (java.io.UncheckedIOException e) {
            throw new AssertionError(daemon.output(), e);
        }
    }

    private void unplug() throws IOException {
        Files.move(it.origin(), dir.resolve("unplugged"));
    }

    private List<Path> chunks() {
        Path chunks = it.cache().resolve("store/chunks");
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
