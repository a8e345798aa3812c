package dev.musicfs.chunk.disk;

import static dev.musicfs.chunk.disk.DiskChunkFilesTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.StoreState;
import dev.musicfs.config.CacheConfig.Durability;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FailingDiskTest {
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
    @CsvSource({
        "No space left on device, NO_SPACE, NORMAL",
        "Disk quota exceeded, NO_SPACE, NORMAL",
        "Read-only file system, READ_ONLY, UNWRITABLE",
        "Permission denied, REJECTED, UNWRITABLE",
        "Operation not permitted, REJECTED, UNWRITABLE",
        "Input/output error, UNAVAILABLE, UNWRITABLE",
    })
    @Resilience("5.7")
    void aFailedWriteLeavesNothingBehindAndTellsWhy(String reason, FailureKind kind, StoreState state) {
        byte[] bytes = TestingFiles.bytes(100_000);
        ChunkId before = testing.write(TestingFiles.bytes(10));
        testing.disk.failWrites = reason;
        assertFails(kind, () -> testing.write(bytes));
        assertThat(testing.temporaries()).isEmpty();
        assertThat(testing.files.existsBlocking(ChunkId.of(ByteBuffer.wrap(bytes))))
                .isFalse();
        assertThat(testing.health.state()).isEqualTo(state);
        assertThat(testing.read(before, 0, 10)).isEqualTo(TestingFiles.bytes(10));
        assertFails(kind, () -> testing.write(bytes));
    }

    @Test
    @Resilience("6.6")
    void aDiskOnWhichNothingCanBePublishedDoesNotWorkAgain() {
        testing.disk.failRenames = "Operation not permitted";
        assertFails(FailureKind.REJECTED, () -> testing.write(TestingFiles.bytes(11)));
        for (int i = 0; i < 5; i++) {
            testing.clock.advance(Duration.ofMinutes(1));
            testing.health.tickBlocking();
        }
        assertThat(testing.changes).containsExactly("NORMAL UNWRITABLE");
        assertThat(testing.temporaries()).isEmpty();
        testing.disk.failRenames = "";
        testing.clock.advance(Duration.ofMinutes(1));
        testing.health.tickBlocking();
        assertThat(testing.changes).containsExactly("NORMAL UNWRITABLE", "UNWRITABLE NORMAL");
        assertThat(Trees.files(testing.layout.chunks())).isEmpty();
    }

    @Test
    @Resilience("5.7")
    void aFailedRenameLeavesNothingBehind() {
        testing.write(TestingFiles.bytes(10));
        testing.disk.failRenames = "Input/output error";
        assertFails(FailureKind.UNAVAILABLE, () -> testing.write(TestingFiles.bytes(11)));
        assertThat(testing.temporaries()).isEmpty();
    }

    @Test
    @Resilience("5.7")
    void aChunkThatCannotBeForcedIsNotThereInTheDurableMode() {
        try (TestingFiles strict = new TestingFiles(directory.resolve("strict"), Durability.STRICT, 4)) {
            strict.disk.failForces = "Input/output error";
            byte[] bytes = TestingFiles.bytes(10);
            assertFails(FailureKind.UNAVAILABLE, () -> strict.write(bytes));
            assertThat(strict.files.existsBlocking(ChunkId.of(ByteBuffer.wrap(bytes))))
                    .isFalse();
            assertThat(strict.temporaries()).isEmpty();
        }
    }

    @Test
    @Resilience("6.6")
    void aDiskThatTurnsReadOnlyIsReadOnAndWrittenAgainAfterATrial() {
        ChunkId chunk = testing.write(TestingFiles.bytes(10));
        testing.disk.failWrites = "Read-only file system";
        assertFails(FailureKind.READ_ONLY, () -> testing.write(TestingFiles.bytes(11)));
        testing.clock.advance(Duration.ofSeconds(1));
        testing.health.tickBlocking();
        assertThat(testing.health.state()).isEqualTo(StoreState.UNWRITABLE);
        assertThat(testing.read(chunk, 0, 10)).isEqualTo(TestingFiles.bytes(10));
        testing.disk.failWrites = "";
        assertFails(FailureKind.READ_ONLY, () -> testing.write(TestingFiles.bytes(11)));
        testing.clock.advance(Duration.ofSeconds(2));
        testing.health.tickBlocking();
        testing.write(TestingFiles.bytes(11));
        assertThat(testing.changes).containsExactly("NORMAL UNWRITABLE", "UNWRITABLE NORMAL");
        assertThat(testing.temporaries()).isEmpty();
    }

    @Test
    @Resilience("6.6")
    void aDiskThatFailsToReadIsGivenUpUntilATrialSucceeds() {
        ChunkId chunk = testing.write(TestingFiles.bytes(10));
        testing.disk.failReads = "Input/output error";
        for (int i = 0; i < 3; i++) {
            assertThat(testing.health.state()).isEqualTo(StoreState.NORMAL);
            assertFails(FailureKind.UNAVAILABLE, () -> testing.read(chunk, 0, 1));
        }
        assertThat(testing.health.state()).isEqualTo(StoreState.UNUSABLE);
        int reads = testing.disk.reads.get();
        assertFails(FailureKind.UNAVAILABLE, () -> testing.read(chunk, 0, 1));
        assertThat(testing.disk.reads).hasValue(reads);
        testing.clock.advance(Duration.ofSeconds(1));
        testing.health.tickBlocking();
        assertThat(testing.health.state()).isEqualTo(StoreState.UNUSABLE);
        testing.disk.failReads = "";
        testing.clock.advance(Duration.ofSeconds(2));
        testing.health.tickBlocking();
        assertThat(testing.read(chunk, 0, 10)).isEqualTo(TestingFiles.bytes(10));
        assertThat(testing.layout.file(chunk)).exists();
    }

    @Test
    void aDiskThatCanBeReadAgainAndNotWrittenIsRead() {
        ChunkId chunk = testing.write(TestingFiles.bytes(10));
        testing.disk.failReads = "Input/output error";
        for (int i = 0; i < 3; i++) {
            assertFails(FailureKind.UNAVAILABLE, () -> testing.read(chunk, 0, 1));
        }
        testing.disk.failReads = "";
        testing.disk.failWrites = "Read-only file system";
        testing.clock.advance(Duration.ofSeconds(1));
        testing.health.tickBlocking();
        assertThat(testing.health.state()).isEqualTo(StoreState.UNWRITABLE);
        assertThat(testing.read(chunk, 0, 10)).isEqualTo(TestingFiles.bytes(10));
        assertFails(FailureKind.READ_ONLY, () -> testing.write(TestingFiles.bytes(11)));
    }

    @Test
    @Resilience("2.8")
    void aFullDiskIsNotAnIllDisk() {
        testing.disk.failWrites = "Input/output error";
        assertFails(FailureKind.UNAVAILABLE, () -> testing.write(TestingFiles.bytes(10)));
        testing.disk.failWrites = "No space left on device";
        testing.clock.advance(Duration.ofSeconds(1));
        testing.health.tickBlocking();
        assertThat(testing.health.state()).isEqualTo(StoreState.NORMAL);
    }

    @Test
    @Resilience("5.3")
    void closesFilesWhenDescriptorsRunOutInsteadOfFailing() {
        ChunkId[] chunks = new ChunkId[4];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = testing.write(TestingFiles.bytes(i + 1));
        }
        testing.disk.descriptors = 2;
        for (int i = 0; i < 3 * chunks.length; i++) {
            assertThat(testing.read(chunks[i % 4], 0, 1)).hasSize(1);
            testing.write(TestingFiles.bytes(100 + i));
        }
        testing.files.close();
        testing.disk.descriptors = 0;
        for (int i = 0; i < 5; i++) {
            assertFails(FailureKind.UNAVAILABLE, () -> testing.read(chunks[0], 0, 1));
        }
        assertFails(FailureKind.UNAVAILABLE, () -> testing.write(TestingFiles.bytes(10)));
        assertThat(testing.health.state()).isEqualTo(StoreState.NORMAL);
        testing.disk.descriptors = 2;
        assertThat(testing.read(chunks[0], 0, 1)).isEqualTo(TestingFiles.bytes(1));
    }

    @Test
    void aDamagedFileThatCannotBeDeletedIsStillNotServed() throws IOException {
        ChunkId chunk = testing.write(TestingFiles.bytes(10));
        Files.write(testing.layout.file(chunk), new byte[5000]);
        testing.disk.failWrites = "Read-only file system";
        assertFails(FailureKind.CORRUPT, () -> testing.read(chunk, 0, 1));
        assertFails(FailureKind.CORRUPT, () -> testing.read(chunk, 0, 1));
        assertThat(testing.health.state()).isEqualTo(StoreState.UNWRITABLE);
    }
}
