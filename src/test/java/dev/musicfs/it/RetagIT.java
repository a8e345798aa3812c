package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.Trees;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jaudiotagger.audio.AudioFile;
import org.jaudiotagger.audio.AudioFileIO;
import org.jaudiotagger.tag.FieldKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What it costs to read a file again whose tags have changed and whose audio has not. */
@Timeout(300)
class RetagIT {
    private static final long BOUND_BYTES = 64 << 10;

    private static final String NOISE = "ffmpeg -nostdin -loglevel error -y -filter_complex"
            + " \"anoisesrc=r=$1:d=$2:seed=1[l];anoisesrc=r=$1:d=$2:seed=2[r];[l][r]join=inputs=2:channel_layout=stereo[o]\""
            + " -map '[o]' -metadata artist=Singer -metadata album=Album -metadata title=\"$3\" ";

    @TempDir
    Path dir;

    private Path origin;
    private Path mount;

    @BeforeEach
    void prepare() throws IOException {
        origin = Files.createDirectories(dir.resolve("origin"));
        mount = Files.createDirectories(dir.resolve("mount"));
    }

    @Test
    void aRetaggedFlacFileOf300MegabytesCostsLessThan64KibibytesFromItsOrigin() throws Exception {
        Path file = origin.resolve("long.flac");
        make(NOISE + "-sample_fmt s32 -compression_level 0 \"$4\"", 96_000, 520, file);
        assertThat(Files.size(file)).isGreaterThan(300_000_000L);
        Cost cost = retagAndReadAgain(file, 9_000);
        assertThat(cost.fetchedBytes()).as("%s", cost).isLessThan(BOUND_BYTES);
    }

    @Test
    void aRetaggedMp3FileWithALargeTagCostsLessThan64KibibytesAndThatTag() throws Exception {
        Path file = origin.resolve("short.mp3");
        make(NOISE + "-b:a 320k -compression_level 9 \"$4\"", 48_000, 510, file);
        assertThat(Files.size(file)).isGreaterThan(20_000_000L);
        Cost cost = retagAndReadAgain(file, 40_000);
        assertThat(cost.fetchedBytes()).as("%s", cost).isLessThan(BOUND_BYTES + cost.headerBytes());
    }

    /** What reading the new version took from the origin, and how much of the file is before its audio. */
    private record Cost(long fetchedBytes, long headerBytes) {}

    private Cost retagAndReadAgain(Path file, int commentCharacters) throws Exception {
        try (DaemonProcess daemon =
                DaemonProcess.scanned(mount, dir.resolve("cache"), origin, "-c", config().toString())) {
            daemon.awaitOutput("musicfs: watching ");
            Path shown = Trees.files(mount).get(0);
            long before = Files.size(file);
            daemon.await(() -> isStoredAfterReading(shown, before), "the whole file to be stored");
            long fetched = stats().getLong("fetchedBytes");
            assertThat(fetched).isGreaterThanOrEqualTo(before);

            Path retagged = retag(file, commentCharacters);
            long header = headerBytes(retagged);
            String bytes = Trees.sha256(retagged);
            long after = Files.size(retagged);
            assertThat(after).as("grown past the padding").isGreaterThan(before);
            Files.move(retagged, file, StandardCopyOption.ATOMIC_MOVE);
            daemon.await(() -> size(shown) == after, "the new size");
            assertThat(Trees.sha256(shown)).as(daemon.output()).isEqualTo(bytes);

            Cost cost = new Cost(stats().getLong("fetchedBytes") - fetched, header);
            System.err.printf("%s of %,d bytes: %s%n", file.getFileName(), after, cost);
            assertThat(cost.fetchedBytes()).as("the header is new").isGreaterThanOrEqualTo(header);
            return cost;
        }
    }

    /**
     * Reads it past the kernel's pages: blocks that came faster than the disk took them are not in the store yet. What is
     * being written counts as used already, so it is all there only when a reading has fetched nothing.
     */
    private boolean isStoredAfterReading(Path shown, long size) {
        long fetched = stats().getLong("fetchedBytes");
        drop(shown);
        Shell.require("dd", "if=" + shown, "of=/dev/null", "bs=1M", "status=none");
        JsonObject now = stats();
        return now.getLong("usedBytes") >= size && now.getLong("fetchedBytes") == fetched;
    }

    private static void drop(Path shown) {
        Shell.require("dd", "if=" + shown, "of=/dev/null", "iflag=nocache", "count=0", "status=none");
    }

    private static void make(String script, int hertz, int seconds, Path file) throws Exception {
        Shell made = Shell.bash(script, hertz, seconds, "Title", file);
        assertThat(made.exitCode()).as(made.output()).isZero();
    }

    /** As a tagger does it: a copy beside it with other tags, the audio byte for byte as it was. */
    private Path retag(Path file, int commentCharacters) throws Exception {
        Path retagged = Files.copy(file, dir.resolve("retagged-" + file.getFileName()));
        AudioFile audio = AudioFileIO.read(retagged.toFile());
        audio.getTagOrCreateAndSetDefault().setField(FieldKey.COMMENT, "x".repeat(commentCharacters));
        audio.commit();
        return retagged;
    }

    /** Where the audio begins, by what the file says. */
    private static long headerBytes(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] magic = new byte[4];
            in.readFully(magic);
            if (magic[0] == 'I') {
                in.seek(6);
                long size = 0;
                for (int i = 0; i < 4; i++) {
                    size = size << 7 | in.readByte();
                }
                return 10 + size;
            }
            boolean last = false;
            while (!last) {
                int block = in.readInt();
                last = block < 0;
                in.seek(in.getFilePointer() + (block & 0xFFFFFF));
            }
            return in.getFilePointer();
        }
    }

    private JsonObject stats() {
        List<String> command = new ArrayList<>(DaemonProcess.javaJar());
        command.addAll(List.of(
                "cache", "stats", "--json", "--cache-dir", dir.resolve("cache").toString()));
        try {
            Shell asked = Shell.run(command);
            assertThat(asked.exitCode()).as(asked.output()).isZero();
            return new JsonObject(asked.output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("asking the daemon was interrupted", e);
        }
    }

    private Path config() throws IOException {
        return Files.writeString(
                dir.resolve("musicfs.toml"),
                "[cache]\nlocal = \"always\"\nsize = \"1GiB\"\nmin_free = 0\n[logging]\nlevel = \"debug\"\n");
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (java.nio.file.NoSuchFileException e) {
            return -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
