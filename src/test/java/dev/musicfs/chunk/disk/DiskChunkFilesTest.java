package dev.musicfs.chunk.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.config.CacheConfig.Durability;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.Resilience;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DiskChunkFilesTest {
    private static final int SEGMENT = DiskChunkFiles.SEGMENT_BYTES;

    @TempDir
    Path directory;

    private TestingFiles testing;

    @BeforeEach
    void open() {
        testing = new TestingFiles(directory);
    }

    @AfterEach
    void close() {
        testing.close();
        assertThat(testing.disk.open).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT, 5 * SEGMENT + 7, 1 << 20})
    void givesBackEveryRangeAroundTheEdgesOfSegments(int length) {
        byte[] bytes = TestingFiles.bytes(length);
        ChunkId chunk = testing.write(bytes);
        List<Integer> edges = new ArrayList<>();
        for (int edge : new int[] {0, SEGMENT, 2 * SEGMENT, 4 * SEGMENT, length}) {
            for (int at = edge - 1; at <= edge + 1; at++) {
                if (at >= 0 && at <= length) {
                    edges.add(at);
                }
            }
        }
        for (int from : edges) {
            for (int to : edges) {
                if (from <= to) {
                    byte[] expected = Arrays.copyOfRange(bytes, from, to);
                    assertThat(testing.read(chunk, from, to - from)).isEqualTo(expected);
                    ByteBuffer heap = ByteBuffer.allocate(to - from);
                    testing.files.readBlocking(chunk, from, heap);
                    assertThat(heap.array()).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void fillsWhatRemainsOfABufferAndNothingElse() {
        byte[] bytes = TestingFiles.bytes(3 * SEGMENT);
        ChunkId chunk = testing.write(bytes);
        ByteBuffer dst = ByteBuffer.allocateDirect(4 * SEGMENT);
        dst.position(10).limit(10 + 2 * SEGMENT);
        testing.files.readBlocking(chunk, 100, dst);
        assertThat(dst.position()).isEqualTo(10 + 2 * SEGMENT);
        byte[] all = new byte[4 * SEGMENT];
        dst.clear().get(all);
        byte[] expected = new byte[4 * SEGMENT];
        System.arraycopy(bytes, 100, expected, 10, 2 * SEGMENT);
        assertThat(all).isEqualTo(expected);
    }

    @Test
    void refusesARangeThatIsNotInsideTheChunk() {
        ChunkId chunk = testing.write(TestingFiles.bytes(100));
        assertFails(FailureKind.INVALID, () -> testing.read(chunk, -1, 1));
        assertFails(FailureKind.INVALID, () -> testing.read(chunk, 1, 100));
        assertFails(FailureKind.INVALID, () -> testing.read(chunk, Integer.MAX_VALUE, 1));
        assertFails(
                FailureKind.INVALID,
                () -> testing.files.writeBlocking(chunk, ByteBuffer.allocate((1 << 20) + 1), EvictionClass.AUDIO));
        assertFails(
                FailureKind.INVALID,
                () -> testing.files.writeBlocking(chunk, ByteBuffer.allocate(0), EvictionClass.AUDIO));
    }

    @Test
    void writesFilesAndDirectoriesForTheOwnerOnly() throws IOException {
        ChunkId chunk = testing.write(TestingFiles.bytes(100));
        Path file =
                directory.resolve("chunks").resolve(chunk.hex().substring(0, 2)).resolve(chunk.hex());
        assertThat(file).hasSize(testing.files.fileBytes(100));
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(permissions(testing.layout.shardOf(chunk))).isEqualTo("rwx------");
        assertThat(permissions(testing.layout.chunks())).isEqualTo("rwx------");
        assertThat(permissions(testing.layout.temporary())).isEqualTo("rwx------");
    }

    @Test
    void findsEveryChunkAgainAndLeavesForeignFilesAlone() throws IOException {
        ChunkId one = testing.write(TestingFiles.bytes(100));
        ChunkId two = testing.write(TestingFiles.bytes(200));
        testing.files.setEvictionClassBlocking(two, EvictionClass.TAGS);
        ChunkId damaged = testing.write(TestingFiles.bytes(300));
        Files.write(testing.layout.file(damaged), new byte[5]);
        Path foreign = Files.writeString(testing.layout.shardOf(one).resolve("notes.txt"), "mine");
        Path elsewhere = Files.writeString(testing.layout.chunks().resolve(one.hex()), "mine");
        ChunkId linked = ChunkId.of(ByteBuffer.wrap(new byte[] {1}));
        Files.createDirectories(testing.layout.shardOf(linked));
        Path link = Files.createSymbolicLink(testing.layout.file(linked), foreign);

        List<ChunkFiles.Found> found = new ArrayList<>();
        testing.files.forEachBlocking(found::add);
        assertThat(found)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("modifiedNanos")
                .containsExactlyInAnyOrder(
                        new ChunkFiles.Found(one, testing.files.fileBytes(100), EvictionClass.AUDIO, 0),
                        new ChunkFiles.Found(two, testing.files.fileBytes(200), EvictionClass.TAGS, 0),
                        new ChunkFiles.Found(damaged, 5, EvictionClass.AUDIO, 0));
        assertThat(foreign).exists();
        assertThat(elsewhere).exists();
        assertThat(link).isSymbolicLink();
        assertThat(testing.layout.file(damaged)).exists();
    }

    @Test
    void whatIsTooLargeToBeAChunkIsDeletedByTheWalk() throws IOException {
        ChunkId chunk = testing.write(TestingFiles.bytes(100));
        try (FileChannel file = FileChannel.open(testing.layout.file(chunk), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(8), 0);
            file.write(ByteBuffer.allocate(1), 1L << 32);
        }
        List<ChunkFiles.Found> found = new ArrayList<>();
        testing.files.forEachBlocking(found::add);
        assertThat(found).isEmpty();
        assertThat(testing.layout.file(chunk)).doesNotExist();
    }

    @Test
    void changesTheTierInPlaceAndStillReads() {
        byte[] bytes = TestingFiles.bytes(100);
        ChunkId chunk = testing.write(bytes);
        testing.files.setEvictionClassBlocking(chunk, EvictionClass.TAGS);
        assertThat(testing.read(chunk, 0, 100)).isEqualTo(bytes);
        testing.files.verifyBlocking(chunk);
        testing.files.deleteBlocking(chunk);
        assertFails(FailureKind.NOT_FOUND, () -> testing.files.setEvictionClassBlocking(chunk, EvictionClass.AUDIO));
    }

    @Test
    void deletesOnceAndThenHasNothing() {
        ChunkId chunk = testing.write(TestingFiles.bytes(100));
        testing.read(chunk, 0, 1);
        assertThat(testing.files.existsBlocking(chunk)).isTrue();
        assertThat(testing.files.deleteBlocking(chunk)).isTrue();
        assertThat(testing.files.deleteBlocking(chunk)).isFalse();
        assertThat(testing.files.existsBlocking(chunk)).isFalse();
        assertFails(FailureKind.NOT_FOUND, () -> testing.read(chunk, 0, 1));
        assertFails(FailureKind.NOT_FOUND, () -> testing.files.verifyBlocking(chunk));
        assertThat(testing.disk.open).hasValue(0);
        assertThat(testing.health.state()).isEqualTo(StoreState.NORMAL);
    }

    @Test
    @Resilience("5.7")
    void sweepsWhatUnfinishedWritesLeftAndNothingElse() throws IOException {
        assertThat(testing.files.sweepBlocking()).isZero();
        ChunkId chunk = testing.write(TestingFiles.bytes(100));
        Files.write(testing.layout.nextTemporary("x"), new byte[5]);
        Files.write(testing.layout.nextTemporary("y"), new byte[0]);
        Path foreign = Files.writeString(testing.layout.temporary().resolve("notes.txt"), "mine");
        assertThat(testing.files.sweepBlocking()).isEqualTo(2);
        assertThat(testing.temporaries()).containsExactly(foreign);
        assertThat(testing.files.existsBlocking(chunk)).isTrue();
    }

    @Test
    void writesAlthoughAnUnfinishedFileHasTheName() throws IOException {
        byte[] bytes = TestingFiles.bytes(100);
        String hex = ChunkId.of(ByteBuffer.wrap(bytes)).hex();
        Files.createDirectories(testing.layout.temporary());
        Files.write(new StoreLayout(directory).nextTemporary(hex), new byte[5000]);
        assertThat(testing.read(testing.write(bytes), 0, 100)).isEqualTo(bytes);
    }

    @Test
    void makesItsDirectoriesAgainWhenTheyVanish() throws IOException {
        byte[] bytes = TestingFiles.bytes(100);
        ChunkId chunk = testing.write(bytes);
        testing.files.deleteBlocking(chunk);
        Files.delete(testing.layout.shardOf(chunk));
        Files.delete(testing.layout.chunks());
        Files.delete(testing.layout.temporary());
        Files.delete(directory);
        testing.write(bytes);
        assertThat(testing.read(chunk, 0, 100)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void forcesAsOftenAsItsDurabilityAsks(Durability durability) {
        try (TestingFiles durable = new TestingFiles(directory.resolve("durable"), durability, 4)) {
            for (int i = 1; i <= 15; i++) {
                durable.write(TestingFiles.bytes(i));
            }
            int after15 = durable.disk.forced.get();
            durable.write(TestingFiles.bytes(16));
            int after16 = durable.disk.forced.get();
            durable.files.forceBlocking();
            int afterForce = durable.disk.forced.get();
            switch (durability) {
                case FAST -> {
                    assertThat(after16).isZero();
                    assertThat(afterForce).isGreaterThanOrEqualTo(16 + 2);
                }
                case BATCH -> {
                    assertThat(after15).isZero();
                    assertThat(after16).isGreaterThanOrEqualTo(16 + 2);
                    assertThat(afterForce).isEqualTo(after16);
                }
                case STRICT -> {
                    assertThat(after15).isGreaterThanOrEqualTo(2 * 15);
                    assertThat(after16).isGreaterThanOrEqualTo(after15 + 2);
                    assertThat(afterForce).isEqualTo(after16);
                }
            }
            assertThat(durable.temporaries()).isEmpty();
        }
    }

    static void assertFails(FailureKind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MusicFsException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
