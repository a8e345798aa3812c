package dev.musicfs.chunk.disk;

import static dev.musicfs.chunk.disk.DiskChunkFilesTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.Draw;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Trials;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No wrong byte is ever given, whatever has happened to a file. */
final class DamagedChunkFilesTest {
    private static final int SEGMENT = DiskChunkFiles.SEGMENT_BYTES;
    private static final int LENGTH = 3 * SEGMENT + 100;
    private static final byte[] BYTES = TestingFiles.bytes(LENGTH);

    private Path directory = Path.of("");
    private TestingFiles testing = new TestingFiles(directory);
    private ChunkId chunk = ChunkId.of(ByteBuffer.wrap(BYTES));

    @BeforeEach
    void open() throws IOException {
        directory = Files.createTempDirectory("chunks");
        testing = new TestingFiles(directory);
        testing.write(BYTES);
    }

    @AfterEach
    void remove() throws IOException {
        testing.close();
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void check(int tries, Trials.Property property) {
        Trials.check(tries, draw -> {
            remove();
            open();
            property.holds(draw);
        });
    }

    @Test
    @Resilience("6.4")
    void aFlippedBitIsNoticedOrMatteredNotWhetherTheFileWasOpenOrNot() {
        check(200, this::flipABit);
    }

    private void flipABit(Draw draw) throws IOException {
        boolean opened = draw.flag();
        boolean restarted = draw.flag();
        boolean header = draw.flag();
        int at = header ? draw.number(0, 200) : ChunkHeader.BYTES + draw.number(0, LENGTH - 1);
        if (opened) {
            testing.read(chunk, 0, 1);
        }
        Path file = testing.layout.file(chunk);
        byte[] content = Files.readAllBytes(file);
        content[at] ^= (byte) (1 << draw.number(0, 7));
        Files.write(file, content);
        if (restarted) {
            testing.close();
            testing = new TestingFiles(directory);
        }
        if (!header || restarted || !opened) {
            assertFails(FailureKind.CORRUPT, () -> testing.read(chunk, 0, LENGTH));
            assertThat(file).doesNotExist();
            assertFails(FailureKind.NOT_FOUND, () -> testing.read(chunk, 0, LENGTH));
            testing.write(BYTES);
        }
        assertThat(testing.read(chunk, 0, LENGTH)).isEqualTo(BYTES);
    }

    @Test
    void anyRangeOfAChunkOfAnySizeComesBack() {
        check(60, draw -> {
            byte[] bytes = TestingFiles.bytes(draw.number(1, 1 << 20));
            ChunkId any = testing.write(bytes);
            int from = draw.number(0, bytes.length);
            int to = draw.number(from, bytes.length);
            assertThat(testing.read(any, from, to - from)).isEqualTo(Arrays.copyOfRange(bytes, from, to));
        });
    }

    @Test
    @Resilience("5.7")
    void aTruncatedFileIsDamagedWhereverItEnds() {
        int whole = ChunkHeader.BYTES + LENGTH;
        int[] lengths = {
            0,
            1,
            8,
            52,
            56,
            4095,
            4096,
            4097,
            4096 + SEGMENT - 1,
            4096 + SEGMENT,
            4096 + SEGMENT + 1,
            whole - 1,
            whole + 1
        };
        for (int length : lengths) {
            check(1, draw -> truncate(length, true));
            check(1, draw -> truncate(length, false));
        }
        check(75, draw -> truncate(draw.number(0, whole - 1), draw.flag()));
    }

    private void truncate(int length, boolean opened) throws IOException {
        if (opened) {
            testing.read(chunk, 0, 1);
        }
        Path file = testing.layout.file(chunk);
        byte[] content = Files.readAllBytes(file);
        assertThat(content).hasSize(ChunkHeader.BYTES + LENGTH);
        Files.write(file, Arrays.copyOf(content, length));
        if (opened && length > content.length) {
            assertThat(testing.read(chunk, 0, LENGTH)).isEqualTo(BYTES);
        } else {
            ByteBuffer dst = ByteBuffer.allocateDirect(LENGTH + 3).position(3);
            assertFails(FailureKind.CORRUPT, () -> testing.files.readBlocking(chunk, 0, dst));
            assertThat(dst.position()).isEqualTo(3);
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void theFirstReadSinceTheStartNoticesWrongBytesWithRightChecksums() throws IOException {
        byte[] other = BYTES.clone();
        other[LENGTH - 1] ^= 1;
        testing.files.writeBlocking(chunk, ByteBuffer.wrap(other), EvictionClass.AUDIO);
        testing.close();
        testing = new TestingFiles(directory);
        assertFails(FailureKind.CORRUPT, () -> testing.files.verifyBlocking(chunk));
        assertThat(testing.layout.file(chunk)).exists();
        assertFails(FailureKind.CORRUPT, () -> testing.read(chunk, 0, 1));
        assertThat(testing.layout.file(chunk)).doesNotExist();
    }

    @Test
    void onlyTheFirstReadSinceTheStartReadsTheWholeFile() {
        testing.close();
        testing = new TestingFiles(directory);
        testing.read(chunk, 0, 1);
        int first = testing.disk.reads.getAndSet(0);
        testing.read(chunk, 0, 1);
        assertThat(first).isEqualTo(1 + 4 + 1);
        assertThat(testing.disk.reads).hasValue(1);
        // Forgotten as an open file, but not as a verified one: header and segment.
        testing.files.setEvictionClassBlocking(chunk, EvictionClass.TAGS);
        for (int i = 1; i <= 4; i++) {
            testing.read(testing.write(TestingFiles.bytes(i)), 0, 1);
        }
        testing.disk.reads.set(0);
        testing.read(chunk, 0, 1);
        assertThat(testing.disk.reads).hasValue(2);
    }

    @Test
    void whatStandsInTheFilesPlaceIsNeitherFollowedNorWaitedForNorDeleted() throws Exception {
        Path file = testing.layout.file(chunk);
        Path good = Files.move(file, directory.resolve("good"));
        Files.createDirectory(file);
        assertInTheWay(file);
        Files.delete(file);
        Files.createSymbolicLink(file, good);
        assertInTheWay(file);
        Files.delete(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        assertInTheWay(file);
        assertThat(testing.health.state()).isEqualTo(StoreState.NORMAL);
        testing.write(BYTES);
        assertThat(testing.read(chunk, 0, LENGTH)).isEqualTo(BYTES);
    }

    @Test
    @Resilience("6.4")
    void whatStandsInTheWayOfAWriteIsSetAside() throws Exception {
        Path file = testing.layout.file(chunk);
        Files.delete(file);
        Files.createDirectory(file);
        Files.createFile(file.resolve("somebody's"));
        testing.write(BYTES);
        assertThat(testing.temporaries()).isEmpty();
        assertThat(testing.read(chunk, 0, LENGTH)).isEqualTo(BYTES);
        assertThat(file.resolveSibling(file.getFileName() + ".damaged-1").resolve("somebody's"))
                .exists();
    }

    @Test
    void aShardThatIsAFileHasNoChunksUntilOneIsWritten() throws IOException {
        testing.files.deleteBlocking(chunk);
        Files.delete(testing.layout.shardOf(chunk));
        Files.createFile(testing.layout.shardOf(chunk));
        assertFails(FailureKind.NOT_FOUND, () -> testing.read(chunk, 0, 1));
        assertThat(testing.files.existsBlocking(chunk)).isFalse();
        assertThatCode(() -> testing.files.forEachBlocking(found -> {})).doesNotThrowAnyException();
        testing.write(BYTES);
        assertThat(testing.read(chunk, 0, LENGTH)).isEqualTo(BYTES);
        assertThat(testing.health.state()).isEqualTo(StoreState.NORMAL);
    }

    private void assertInTheWay(Path file) {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            assertFails(FailureKind.NOT_FOUND, () -> testing.read(chunk, 0, 1));
            assertFails(FailureKind.NOT_FOUND, () -> testing.files.setEvictionClassBlocking(chunk, EvictionClass.TAGS));
            assertThat(testing.files.existsBlocking(chunk)).isFalse();
            assertThat(testing.files.deleteBlocking(chunk)).isFalse();
        });
        assertThat(Files.exists(file, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
}
