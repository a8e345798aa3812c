package dev.musicfs.content.file;

import static dev.musicfs.content.file.FetchingTest.assertKind;
import static dev.musicfs.content.file.TestingRoom.KIB;
import static dev.musicfs.content.file.TestingRoom.MIB;
import static dev.musicfs.content.file.TestingRoom.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.StoreState;
import dev.musicfs.content.plan.Manifest;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The store may fail in every way; readers get the origin's bytes. */
class StoreTroubleTest {
    private final TestingRoom room = new TestingRoom();
    private final byte[] bytes = random(3 * MIB, 1);

    @AfterEach
    void everythingIsGivenBack() {
        room.end();
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    @Resilience({"2.8", "6.6", "6.7"})
    void noFailureOfTheStoreReachesAReader(FailureKind kind) {
        CachedFile file = room.open(1, bytes);
        room.read(file, 0, MIB);
        room.store.onRead = new MusicFsException(kind, "fault");
        room.store.onPut = new MusicFsException(kind, "fault");
        for (int i = 0; i < 3; i++) {
            assertThat(room.read(file, 100, 2 * MIB)).isEqualTo(slice(100, 2 * MIB));
        }
        room.store.onRead = new IllegalStateException("a defect");
        room.store.onPut = new IllegalStateException("a defect");
        assertThat(room.read(file, 0, bytes.length)).isEqualTo(bytes);
        room.store.onRead = null;
        room.store.onPut = null;
        assertThat(room.read(file, 0, bytes.length)).isEqualTo(bytes);
        room.origin.calls();
        room.origin.failWith(FailureKind.UNAVAILABLE);
        assertThat(room.read(file, 0, bytes.length)).as("stored after all").isEqualTo(bytes);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    @Resilience("6.4")
    void damagedChunksAreFetchedAgainWholeServedAndStoredAgain() {
        CachedFile file = room.open(1, bytes);
        room.read(file, 0, bytes.length);
        room.origin.calls();
        room.store.damageAll();
        assertThat(room.read(file, 0, bytes.length)).isEqualTo(bytes);
        assertThat(BytesOrigin.bytes(room.origin.calls())).isEqualTo(bytes.length);
        assertThat(room.read(file, 0, bytes.length)).isEqualTo(bytes);
        assertThat(room.origin.calls()).isEmpty();
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    @Resilience("6.4")
    void ofABlockWithAKnownAddressNothingIsShownBeforeAllOfItIsVerified() {
        CachedFile file = room.open(1, bytes);
        room.read(file, 0, bytes.length);
        room.store.chunks.clear();
        room.origin.calls();
        room.origin.hold(true);
        TestingRoom.Reading again = room.start(file, MIB + 10, 10);
        room.settle();
        assertThat(room.origin.heldCalls()).isEqualTo(4);
        room.hashers.hang(true);
        while (room.origin.answerOne()) {
            room.settle();
            assertThat(again.answered()).isFalse();
        }
        room.hashers.hang(false);
        assertThat(again.bytes()).isEqualTo(slice(MIB + 10, 10));
        assertThat(BytesOrigin.bytes(room.origin.calls())).isEqualTo(MIB);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void bytesThatAreWrongOnceAreFetchedOnceMore() {
        CachedFile file = storedAndEvicted();
        room.origin.fault((path, range) -> {
            room.origin.noFault();
            return Optional.of(Future.succeededFuture(Buffer.buffer(new byte[(int) range.length()])));
        });
        assertThat(room.read(file, MIB, KIB)).isEqualTo(slice(MIB, KIB));
        assertThat(BytesOrigin.bytes(room.origin.calls())).isEqualTo(2 * MIB);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void contentThatChangedUnderAnUnchangedVersionIsStaleAndForgotten() {
        CachedFile file = storedAndEvicted();
        CachedFile other = room.open(1, file.version());
        byte[] changed = random(3 * MIB, 99);
        room.origin.put("f1", changed, 1);
        TestingRoom.Reading elsewhere = room.start(other, 2 * MIB, 10);
        assertKind(FailureKind.STALE, () -> room.read(file, MIB, KIB));
        assertKind(FailureKind.STALE, elsewhere::bytes);
        assertKind(FailureKind.STALE, () -> room.read(file, 0, 10));
        assertThat(room.stale).containsExactly(1L);
        assertThat(room.manifests.manifests).isEmpty();
        CachedFile anew = room.open(1, file.version());
        assertThat(room.read(anew, 0, bytes.length)).isEqualTo(changed);
        file.close();
        other.close();
        closeAndAssertNothingIsHeld(anew);
        assertThat(room.read(room.open(1, file.version()), 0, bytes.length)).isEqualTo(changed);
    }

    @Test
    void aManifestThatCouldNotBeForgottenIsNotBelievedAgain() {
        CachedFile file = storedAndEvicted();
        byte[] changed = random(3 * MIB, 99);
        room.origin.put("f1", changed, 1);
        room.manifests.failing = true;
        assertKind(FailureKind.STALE, () -> room.read(file, MIB, KIB));
        room.manifests.failing = false;
        assertThat(room.manifests.manifests).isNotEmpty();
        CachedFile anew = room.open(1, file.version());
        assertThat(room.read(anew, 0, bytes.length)).isEqualTo(changed);
        file.close();
        closeAndAssertNothingIsHeld(anew);
        assertThat(room.manifests.manifests.get(1L).chunks()).hasSize(9);
    }

    @Test
    void whatWasNotYetWrittenDownWhenTheContentChangedNeverIs() {
        CachedFile file = room.open(1, bytes);
        room.read(file, 0, MIB);
        room.pass(Duration.ofSeconds(5));
        room.read(file, MIB, MIB);
        room.store.chunks.clear();
        byte[] changed = random(3 * MIB, 99);
        room.origin.put("f1", changed, 1);
        assertKind(FailureKind.STALE, () -> room.read(file, 0, KIB));
        CachedFile anew = room.open(1, file.version());
        room.read(anew, 0, bytes.length);
        anew.close();
        room.settle();
        closeAndAssertNothingIsHeld(file);
        assertThat(room.manifests.manifests.get(1L).chunks())
                .hasSize(9)
                .containsEntry(5, ChunkId.of(ByteBuffer.wrap(changed, MIB, MIB)));
    }

    @Test
    void bytesThatAreOthersEachTimeAreCorruptAndNothingIsForgotten() {
        CachedFile file = storedAndEvicted();
        int[] call = {0};
        room.origin.fault((path, range) -> {
            byte[] garbage = new byte[(int) range.length()];
            Arrays.fill(garbage, (byte) call[0]++);
            return Optional.of(Future.succeededFuture(Buffer.buffer(garbage)));
        });
        assertKind(FailureKind.CORRUPT, () -> room.read(file, MIB, KIB));
        room.origin.noFault();
        assertThat(room.read(file, MIB, KIB)).isEqualTo(slice(MIB, KIB));
        assertThat(room.stale).isEmpty();
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    @Resilience("6.6")
    void aStoreThatHangsWhileWritingHoldsUpNoReaderAndTakesABoundedPartOfTheMemory() {
        byte[] large = random(40 * MIB, 4);
        CachedFile file = room.open(1, large);
        room.read(file, 0, 64 * KIB);
        room.writers.hang(true);
        for (int offset = 0; offset < large.length; offset += 128 * KIB) {
            assertThat(room.read(file, offset, 128 * KIB))
                    .isEqualTo(Arrays.copyOfRange(large, offset, offset + 128 * KIB));
            assertThat(room.stats().pendingWriteBytes()).isLessThanOrEqualTo(16 * MIB);
            assertThat(room.stats().heldBytes()).isLessThanOrEqualTo(48 * MIB);
        }
        assertThat(room.stats().droppedWrites()).isPositive();
        assertThat(BytesOrigin.bytes(room.origin.calls()))
                .as("nothing was fetched twice")
                .isEqualTo(large.length);
        room.writers.hang(false);
        closeAndAssertNothingIsHeld(file);
    }

    @ParameterizedTest
    @EnumSource(
            value = StoreState.class,
            names = {"FULL", "UNWRITABLE", "UNUSABLE"})
    void withoutAStoreNeighbouringReadsFetchTheirPieceOnceAndTheStoreIsUsedAgainWhenItIsBack(StoreState state) {
        CachedFile file = room.open(1, bytes);
        room.read(file, 0, 64 * KIB);
        room.origin.calls();
        room.store.state = state;
        for (int offset = MIB; offset < 2 * MIB; offset += 64 * KIB) {
            assertThat(room.read(file, offset, 64 * KIB)).isEqualTo(slice(offset, 64 * KIB));
        }
        assertThat(BytesOrigin.bytes(room.origin.calls())).isEqualTo(MIB);
        assertThat(room.store.puts).isEqualTo(1);
        assertThat(room.stats().passthroughReads()).isEqualTo(16);
        assertThat(room.read(file, 0, 64 * KIB)).isEqualTo(slice(0, 64 * KIB));
        room.store.state = StoreState.NORMAL;
        assertThat(room.read(file, MIB + 5, 10)).isEqualTo(slice(MIB + 5, 10));
        assertThat(room.store.puts)
                .as("kept bytes are stored as soon as they may be")
                .isEqualTo(2);
        long hits = room.stats().hits();
        room.read(file, 0, 64 * KIB);
        room.read(file, MIB, 64 * KIB);
        assertThat(room.stats().hits()).isEqualTo(hits + 2);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    @Resilience("B.1")
    void aWrongAddressInTheManifestServesNoWrongByte() {
        CachedFile file = room.open(1, bytes);
        room.read(file, 0, bytes.length);
        closeAndAssertNothingIsHeld(file);
        List<ChunkId> chunks = new ArrayList<>(room.store.chunks.keySet());
        Manifest manifest = room.manifests.manifests.get(1L);
        ChunkId ofAShorterBlock = manifest.chunks().get(0);
        Map<Integer, ChunkId> mixed = new HashMap<>(manifest.chunks());
        mixed.put(5, ofAShorterBlock);
        room.manifests.manifests.put(1L, new Manifest(manifest.version(), manifest.layout(), mixed));
        assertThat(chunks).hasSize(9);
        CachedFile again = room.open(1, file.version());
        assertKind(FailureKind.STALE, () -> room.read(again, MIB + 100 * KIB, KIB));
        CachedFile anew = room.open(1, file.version());
        assertThat(room.read(anew, 0, bytes.length)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOT_FOUND", "CORRUPT", "INVALID"})
    void whatTheStoreCouldNotReadForAMomentIsReadFromItAgainWithoutTheOrigin(FailureKind kind) {
        CachedFile file = room.open(1, bytes);
        room.read(file, 0, bytes.length);
        room.origin.failWith(FailureKind.UNAVAILABLE);
        room.store.onRead = new MusicFsException(kind, "fault");
        assertKind(FailureKind.UNAVAILABLE, () -> room.read(file, MIB, KIB));
        room.store.onRead = null;
        assertThat(room.read(file, 0, bytes.length)).isEqualTo(bytes);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void whatWasFetchedAfterTheContentChangedNeedsItsOriginNoMore() {
        CachedFile file = storedAndEvicted();
        byte[] changed = random(3 * MIB, 99);
        room.origin.put("f1", changed, 1);
        assertKind(FailureKind.STALE, () -> room.read(file, MIB, KIB));
        file.close();
        CachedFile anew = room.open(1, file.version());
        room.read(anew, 0, bytes.length);
        closeAndAssertNothingIsHeld(anew);
        room.origin.failWith(FailureKind.UNAVAILABLE);
        CachedFile later = room.open(1, file.version());
        assertThat(room.read(later, 0, bytes.length)).isEqualTo(changed);
        closeAndAssertNothingIsHeld(later);
    }

    @Test
    void aDefectOfTheStoreKeepsNoMemoryAndHoldsUpNobody() {
        CachedFile file = room.open(1, bytes);
        room.store.defectOfPut = new LinkageError("a defect");
        assertThat(room.read(file, 0, bytes.length)).isEqualTo(bytes);
        assertThat(room.stats().failedWrites()).isPositive();
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void aBlockThatCannotBeCheckedFailsItsReadersAndIsFetchedAgainLater() {
        CachedFile file = storedAndEvicted();
        room.hashers.rejecting = true;
        assertKind(FailureKind.INTERNAL, () -> room.read(file, MIB, KIB));
        room.hashers.rejecting = false;
        assertThat(room.read(file, MIB, KIB)).isEqualTo(slice(MIB, KIB));
        closeAndAssertNothingIsHeld(file);
    }

    private CachedFile storedAndEvicted() {
        CachedFile file = room.open(1, bytes);
        room.read(file, 0, bytes.length);
        room.pass(Duration.ofSeconds(5));
        room.store.chunks.clear();
        room.origin.calls();
        return file;
    }

    private byte[] slice(int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    private void closeAndAssertNothingIsHeld(CachedFile file) {
        file.close();
        room.assertNothingIsHeld();
    }
}
