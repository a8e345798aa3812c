package dev.musicfs.content.file;

import static dev.musicfs.content.file.TestingRoom.KIB;
import static dev.musicfs.content.file.TestingRoom.MIB;
import static dev.musicfs.content.file.TestingRoom.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked of origins, and when readers are answered. */
class FetchingTest {
    private final TestingRoom room = new TestingRoom();
    private final byte[] bytes = random(4 * MIB, 1);

    @AfterEach
    void everythingIsGivenBack() {
        room.end();
    }

    @Test
    void aHundredReadersOfOneBlockFetchItOnce() {
        CachedFile file = room.open(1, bytes);
        room.origin.hold(true);
        List<TestingRoom.Reading> readings = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            readings.add(room.start(file, 2 * MIB + i * KIB, 4 * KIB));
        }
        room.settle();
        assertThat(room.origin.calls()).hasSize(4).doesNotHaveDuplicates();
        while (room.origin.answerOne()) {
            room.settle();
        }
        for (int i = 0; i < 100; i++) {
            assertThat(readings.get(i).bytes()).isEqualTo(slice(2 * MIB + i * KIB, 4 * KIB));
        }
        assertThat(room.stats().coalesced()).isEqualTo(99);
        assertThat(room.stats().misses()).isEqualTo(100);
        assertThat(room.origin.calls()).isEmpty();
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void aReaderIsAnsweredAsSoonAsItsOwnBytesAreThere() {
        CachedFile file = room.open(1, bytes);
        room.origin.hold(true);
        TestingRoom.Reading reading = room.start(file, 2 * MIB + 600 * KIB, 100 * KIB);
        room.settle();
        assertThat(reading.answered()).isFalse();
        assertThat(room.origin.calls().get(0))
                .as("what is waited for comes first")
                .isEqualTo(new ByteRange(2 * MIB + 512 * KIB, 256 * KIB));
        room.origin.answerOne();
        room.settle();
        assertThat(reading.answered()).isTrue();
        assertThat(reading.bytes()).isEqualTo(slice(2 * MIB + 600 * KIB, 100 * KIB));
        assertThat(room.origin.heldCalls()).as("the rest is still on its way").isEqualTo(3);
        assertThat(room.store.puts).isZero();
        while (room.origin.answerOne()) {
            room.settle();
        }
        assertThat(room.store.puts).isEqualTo(1);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void whatWasReadOnceNeedsItsOriginNoMore() {
        CachedFile file = room.open(1, bytes);
        assertThat(room.read(file, 0, bytes.length)).isEqualTo(bytes);
        assertThat(BytesOrigin.bytes(room.origin.calls())).isEqualTo(bytes.length);
        room.origin.failWith(FailureKind.UNAVAILABLE);
        assertThat(room.read(file, 0, bytes.length)).isEqualTo(bytes);
        closeAndAssertNothingIsHeld(file);
        CachedFile again = room.open(1, file.version());
        assertThat(room.read(again, 1000, 2 * MIB)).isEqualTo(slice(1000, 2 * MIB));
        assertThat(room.origin.calls()).isEmpty();
        assertThat(room.stats().hits()).isEqualTo(2);
        closeAndAssertNothingIsHeld(again);
    }

    @Test
    void aManifestOfAllBlocksIsReportedOnceItIsWrittenDown() {
        CachedFile file = room.open(1, bytes);
        room.read(file, 0, 2 * MIB);
        closeAndAssertNothingIsHeld(file);
        assertThat(room.manifests.completed).isEmpty();
        CachedFile again = room.open(1, file.version());
        assertThat(room.read(again, 0, bytes.length)).isEqualTo(bytes);
        closeAndAssertNothingIsHeld(again);
        assertThat(room.manifests.completed).isEqualTo(room.manifests.manifests);
    }

    @Test
    void aFirstLookAtHeadAndTailFetchesLessThanTwiceWhatItWants() {
        FileVersion version = room.origin.put("f1", bytes, 1);
        room.manifests.layouts.put(version, TestingRoom.layout(8 * KIB, bytes.length - 128));
        CachedFile file = room.open(1, version);
        assertThat(room.read(file, 0, 64 * KIB)).isEqualTo(slice(0, 64 * KIB));
        assertThat(room.read(file, bytes.length - 4 * KIB, 4 * KIB)).isEqualTo(slice(bytes.length - 4 * KIB, 4 * KIB));
        assertThat(BytesOrigin.bytes(room.origin.calls())).isLessThanOrEqualTo(2 * 68 * KIB);
        assertThat(room.store.tiers.values()).containsOnly(EvictionClass.TAGS);
    }

    @Test
    void emptyAndTinyFilesAndReadsPastTheEndAreRight() {
        CachedFile empty = room.open(1, new byte[0]);
        assertThat(room.read(empty, 0, 10)).isEmpty();
        CachedFile tiny = room.open(2, new byte[] {7});
        assertThat(room.read(tiny, 0, 10)).containsExactly(7);
        assertThat(room.read(tiny, 0, 10)).containsExactly(7);
        assertThat(room.read(tiny, 1, 10)).isEmpty();
        assertThat(room.read(tiny, Long.MAX_VALUE, 10)).isEmpty();
        assertThat(room.origin.calls()).containsExactly(new ByteRange(0, 1));
        empty.close();
        closeAndAssertNothingIsHeld(tiny);
    }

    @Test
    void anAnswerOfTheWrongLengthIsAskedForOnceMoreAndNeverPassedOn() {
        CachedFile file = room.open(1, random(1000, 2));
        room.origin.fault((path, range) -> Optional.of(Future.succeededFuture(Buffer.buffer(new byte[999]))));
        assertKind(FailureKind.CORRUPT, () -> room.read(file, 0, 1000));
        assertThat(room.origin.calls()).hasSize(2);
        room.origin.fault((path, range) -> {
            room.origin.noFault();
            return Optional.of(Future.succeededFuture(Buffer.buffer(new byte[1001])));
        });
        assertThat(room.read(file, 0, 1000)).isEqualTo(random(1000, 2));
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    @Resilience("3.8")
    void aReadOfAHungOriginIsGivenUpAtItsDeadlineAndItsLateAnswerIsDropped() {
        CachedFile file = room.open(1, bytes);
        Promise<Buffer> hung = Promise.promise();
        room.origin.fault((path, range) -> Optional.of(hung.future()));
        TestingRoom.Reading reading = room.start(file, 0, 4 * KIB);
        room.settle();
        room.pass(Duration.ofSeconds(31));
        assertKind(FailureKind.TIMEOUT, reading::bytes);
        room.origin.noFault();
        room.origin.calls();
        room.origin.hold(true);
        TestingRoom.Reading next = room.start(file, 0, 4 * KIB);
        room.settle();
        hung.complete(Buffer.buffer(new byte[64 * KIB]));
        room.settle();
        assertThat(next.answered()).isFalse();
        room.origin.answerOne();
        assertThat(next.bytes()).isEqualTo(slice(0, 4 * KIB));
        assertThat(room.origin.calls()).hasSize(1);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void aLateAnswerIsDroppedEvenIfTheRestOfItsBlockIsKeptAndItIsAskedForAgain() {
        CachedFile file = room.open(1, bytes);
        room.store.state = StoreState.FULL;
        room.read(file, 2 * MIB, 4 * KIB);
        Promise<Buffer> hung = Promise.promise();
        room.origin.fault((path, range) -> Optional.of(hung.future()));
        TestingRoom.Reading reading = room.start(file, 2 * MIB + 256 * KIB, 4 * KIB);
        room.settle();
        room.pass(Duration.ofSeconds(31));
        assertKind(FailureKind.TIMEOUT, reading::bytes);
        room.origin.noFault();
        room.origin.hold(true);
        TestingRoom.Reading next = room.start(file, 2 * MIB + 256 * KIB, 4 * KIB);
        room.settle();
        hung.complete(Buffer.buffer(new byte[256 * KIB]));
        room.settle();
        assertThat(next.answered()).isFalse();
        room.origin.answerOne();
        assertThat(next.bytes()).isEqualTo(slice(2 * MIB + 256 * KIB, 4 * KIB));
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void aLaterReaderKeepsAFetchAliveForAsLongAsItWaits() {
        CachedFile file = room.open(1, bytes);
        room.origin.hold(true);
        TestingRoom.Reading first = room.start(file, 0, 4 * KIB);
        room.settle();
        room.pass(Duration.ofSeconds(20));
        TestingRoom.Reading second = room.start(file, 0, 4 * KIB);
        room.settle();
        room.pass(Duration.ofSeconds(20));
        assertThat(first.deadline.expired()).isTrue();
        room.origin.answerOne();
        assertThat(second.bytes()).isEqualTo(slice(0, 4 * KIB));
        assertThat(room.origin.calls()).hasSize(1);
    }

    @Test
    void anotherVersionAtTheOriginIsStaleAndReportedOnce() {
        CachedFile file = room.open(1, bytes);
        room.origin.put("f1", random(MIB, 3), 2);
        assertKind(FailureKind.STALE, () -> room.read(file, 0, 10));
        assertKind(FailureKind.STALE, () -> room.read(file, 0, 10));
        assertThat(room.stale).containsExactly(1L);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void openingNeedsNoOriginAndReadingWhatIsMissingFailsAsTheOriginDoes() {
        room.origin.failWith(FailureKind.UNAVAILABLE);
        room.layouts = (source, extension, deadline) ->
                source.read(new ByteRange(0, 10), deadline).map(any -> AudioLayout.unknown(10));
        CachedFile file = room.open(1, bytes);
        assertThat(room.origin.calls()).isEmpty();
        assertKind(FailureKind.UNAVAILABLE, () -> room.read(file, 0, 10));
        room.origin.noFault();
        assertThat(room.read(file, 0, 10)).isEqualTo(slice(0, 10));
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void aFailureOfWhatFollowsBehindIsNobodysAndIsNotRepeated() {
        CachedFile file = room.open(1, bytes);
        room.origin.fault((path, range) -> range.offset() == 2 * MIB
                ? Optional.empty()
                : Optional.of(Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, "fault"))));
        assertThat(room.read(file, 2 * MIB, 10)).isEqualTo(slice(2 * MIB, 10));
        assertThat(room.origin.calls()).hasSize(4);
        room.origin.noFault();
        assertThat(room.read(file, 2 * MIB, MIB)).isEqualTo(slice(2 * MIB, MIB));
        assertThat(room.origin.calls()).hasSize(3);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void aManifestThatCannotBeHadIsNoHindrance() {
        room.manifests.failing = true;
        CachedFile file = room.open(1, bytes);
        assertThat(room.read(file, 100, MIB)).isEqualTo(slice(100, MIB));
        room.manifests.failing = false;
        room.pass(Duration.ofSeconds(6));
        assertThat(room.manifests.manifests.get(1L).chunks())
                .as("written down later")
                .hasSize(6);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void aManifestThatNeverComesHoldsUpTheOpeningForTwoSecondsAtMost() {
        room.manifests.hanging = true;
        FileVersion version = room.origin.put("f1", bytes, 1);
        FileRow row = room.row(1, version, room.origin);
        Future<CachedFile> opened = room.files.open(row, List.of(TestingRoom.whole(row)), () -> {});
        room.settle();
        assertThat(opened.isComplete()).isFalse();
        room.pass(Duration.ofSeconds(2));
        room.manifests.hanging = false;
        assertThat(room.read(opened.result(), 5, 10)).isEqualTo(slice(5, 10));
        closeAndAssertNothingIsHeld(opened.result());
    }

    @Test
    void aLayoutThatNeverComesHoldsUpTheFirstReadForTenSecondsAtMost() {
        room.layouts =
                (source, extension, deadline) -> Promise.<AudioLayout>promise().future();
        CachedFile file = room.open(1, bytes);
        TestingRoom.Reading reading = room.start(file, 5, 10);
        room.settle();
        assertThat(reading.answered()).isFalse();
        room.pass(Duration.ofSeconds(10));
        assertThat(reading.bytes()).isEqualTo(slice(5, 10));
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void blocksAreWrittenDownTogetherWhenTheLastReaderCloses() {
        CachedFile file = room.open(1, bytes);
        CachedFile other = room.open(1, file.version());
        room.read(file, 0, MIB);
        file.close();
        room.settle();
        assertThat(room.manifests.writes).containsExactly("layout");
        other.close();
        room.assertNothingIsHeld();
        assertThat(room.manifests.writes).containsExactly("layout", "begin 5");
        CachedFile again = room.open(1, file.version());
        room.read(again, MIB, MIB);
        room.pass(Duration.ofSeconds(5));
        assertThat(room.manifests.writes).containsExactly("layout", "begin 5", "add 1");
        closeAndAssertNothingIsHeld(again);
    }

    private byte[] slice(int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    private void closeAndAssertNothingIsHeld(CachedFile file) {
        file.close();
        room.assertNothingIsHeld();
    }

    static void assertKind(FailureKind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MusicFsException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }
}
