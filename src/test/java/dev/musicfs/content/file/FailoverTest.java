package dev.musicfs.content.file;

import static dev.musicfs.content.file.FetchingTest.assertKind;
import static dev.musicfs.content.file.TestingRoom.KIB;
import static dev.musicfs.content.file.TestingRoom.MIB;
import static dev.musicfs.content.file.TestingRoom.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.origin.Copy;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file that is the same on two origins. */
class FailoverTest {
    private final TestingRoom room = new TestingRoom(48L << 20, 4L << 20);
    private final BytesOrigin backup = new BytesOrigin("near");
    private final byte[] bytes = random(6 * MIB, 1);
    private FileRow row;
    private Copy first;
    private Copy second;

    @BeforeEach
    void putTheFileInBothPlaces() {
        room.origins.add(backup);
        FileVersion version = room.origin.put("f1", bytes, 1);
        row = room.row(1, version, room.origin);
        first = TestingRoom.whole(row);
        second = Copy.whole(backup.id(), first.path(), backup.put("f1", bytes, 77));
    }

    private CachedFile open() {
        return room.open(row, List.of(first, second));
    }

    @AfterEach
    void everythingIsGivenBack() {
        room.end();
    }

    @Test
    @Resilience({"N.1", "4.2.6"})
    void aFileWhoseOriginDiesWhileItIsReadGoesOnFromItsOtherCopyWithTheSameBytes() {
        for (FailureKind kind : List.of(FailureKind.UNAVAILABLE, FailureKind.TIMEOUT, FailureKind.REJECTED)) {
            FailoverTest fresh = new FailoverTest();
            fresh.putTheFileInBothPlaces();
            CachedFile file = fresh.open();
            for (int at = 0; at < fresh.bytes.length; at += 128 * KIB) {
                if (at == MIB / 2) {
                    fresh.room.origin.failWith(kind);
                }
                assertThat(fresh.room.read(file, at, 128 * KIB)).isEqualTo(fresh.slice(at, 128 * KIB));
            }
            assertThat(fresh.backup.calls()).as(kind + "").isNotEmpty();
            assertThat(fresh.room.stale).isEmpty();
            fresh.closeAndAssertNothingIsHeld(file);
            assertThat(fresh.room.manifests.manifests.get(1L).chunks())
                    .as("what came from the other copy is kept as the file's")
                    .hasSize(BlockPlan.of(fresh.bytes.length, AudioLayout.unknown(fresh.bytes.length))
                            .count());
        }
    }

    @Test
    @Resilience("N.1")
    void oneBlockMayConsistOfWhatTwoCopiesGave() {
        CachedFile file = open();
        room.store.state = StoreState.FULL;
        assertThat(room.read(file, 2 * MIB, KIB)).isEqualTo(slice(2 * MIB, KIB));
        room.store.state = StoreState.NORMAL;
        room.origin.failWith(FailureKind.UNAVAILABLE);
        assertThat(room.read(file, 2 * MIB, MIB)).isEqualTo(slice(2 * MIB, MIB));
        closeAndAssertNothingIsHeld(file);
        assertThat(room.manifests.manifests.get(1L).chunks()).isNotEmpty();
    }

    @Test
    @Resilience("6.4")
    void aChunkThatIsLostAndIsCorruptInTheFirstCopyTooComesFromTheSecond() {
        CachedFile file = storedAndEvicted();
        corrupt(room.origin, 1);
        assertThat(room.read(file, MIB, KIB)).isEqualTo(slice(MIB, KIB));
        assertThat(room.origins.suspects())
                .extracting(TestingSource.Suspect::copy)
                .containsExactly(first);
        assertThat(room.stale).isEmpty();
        assertThat(room.read(file, 3 * MIB, KIB)).isEqualTo(slice(3 * MIB, KIB));
        assertThat(room.origins.suspects()).as("and is not asked again").hasSize(1);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void twoCopiesThatAgreeInOtherBytesMeanThatTheFileHasChanged() {
        CachedFile file = storedAndEvicted();
        corrupt(room.origin, 1);
        corrupt(backup, 1);
        assertKind(FailureKind.STALE, () -> room.read(file, MIB, KIB));
        assertThat(room.stale).containsExactly(1L);
        assertThat(room.manifests.manifests).isEmpty();
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void theFileItselfWithTheSameOtherBytesTwiceHasChangedWhenNoCopyCanSayOtherwise() {
        CachedFile file = storedAndEvicted();
        corrupt(room.origin, 1);
        backup.failWith(FailureKind.UNAVAILABLE);
        assertKind(FailureKind.STALE, () -> room.read(file, MIB, KIB));
        assertThat(room.origins.suspects()).hasSize(2);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void copiesThatAreWrongEachInItsOwnWayAreCorruptAndNothingIsForgotten() {
        CachedFile file = storedAndEvicted();
        int[] call = {0};
        room.origin.fault((path, range) -> answer(range.length(), call[0]++));
        corrupt(backup, 200);
        room.origin.calls();
        assertKind(FailureKind.CORRUPT, () -> room.read(file, MIB, KIB));
        assertThat(room.manifests.manifests).isNotEmpty();
        assertThat(BytesOrigin.bytes(room.origin.calls()) + BytesOrigin.bytes(backup.calls()))
                .as("each once, and one of them once more")
                .isEqualTo(3L * MIB);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void aCopyThatIsWrongWhileTheFileItselfIsAwayDoesNotSpeakForIt() {
        CachedFile file = storedAndEvicted();
        room.origin.failWith(FailureKind.UNAVAILABLE);
        corrupt(backup, 1);
        assertKind(FailureKind.CORRUPT, () -> room.read(file, MIB, KIB));
        assertThat(room.stale).isEmpty();
        assertThat(room.manifests.manifests).isNotEmpty();
        room.origin.noFault();
        assertThat(room.read(file, MIB, KIB)).isEqualTo(slice(MIB, KIB));
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void aCopyThatGivesAnotherNumberOfBytesIsSuspectAndTheNextOneIsAsked() {
        CachedFile file = open();
        room.origin.fault((path, range) -> answer(range.length() - 1, 1));
        assertThat(room.read(file, 0, KIB)).isEqualTo(slice(0, KIB));
        assertThat(room.origins.suspects())
                .extracting(TestingSource.Suspect::copy)
                .containsExactly(first);
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    @Resilience("N.2")
    void withEveryOriginDeadWhatIsStoredIsReadAndAllElseFailsAtOnce() {
        CachedFile file = open();
        room.read(file, 0, MIB);
        room.origin.failWith(FailureKind.UNAVAILABLE);
        backup.failWith(FailureKind.UNAVAILABLE);
        assertThat(room.read(file, 0, MIB)).isEqualTo(slice(0, MIB));
        room.origin.calls();
        assertKind(FailureKind.UNAVAILABLE, () -> room.read(file, 5 * MIB, KIB));
        assertThat(room.origin.calls()).as("asked once, and not again").hasSize(1);
        assertThat(room.stats().openFiles()).isOne();
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void nothingIsFetchedBehindTheBackOfAReaderWhileItsOriginsAreDownAndAWhileLaterItIsAgain() {
        CachedFile file = open();
        room.read(file, 0, 2 * MIB);
        file.close();
        room.settle();
        long tail = bytes.length - 16L * KIB;
        CachedFile again = open();
        room.origin.failWith(FailureKind.UNAVAILABLE);
        backup.failWith(FailureKind.UNAVAILABLE);
        assertKind(FailureKind.UNAVAILABLE, () -> room.read(again, tail, KIB));
        room.origin.calls();
        for (int at = 0; at < 2 * MIB; at += 128 * KIB) {
            assertThat(room.read(again, at, 128 * KIB)).isEqualTo(slice(at, 128 * KIB));
        }
        assertThat(room.origin.calls()).isEmpty();
        room.origin.noFault();
        room.pass(Duration.ofSeconds(5));
        // The third of these mebibytes was fetched ahead of the first reader.
        for (int at = 0; at < 3 * MIB; at += 128 * KIB) {
            room.read(again, at, 128 * KIB);
        }
        assertThat(room.origin.calls()).as("ahead of the reader").isNotEmpty();
        closeAndAssertNothingIsHeld(again);
    }

    @Test
    @Resilience("3.8")
    void theReadersDeadlineGoesWithEveryReadForIt() {
        room.layouts = (source, extension, deadline) ->
                source.read(new ByteRange(0, 10), deadline).map(any -> AudioLayout.unknown(bytes.length));
        CachedFile file = open();
        TestingRoom.Reading reading = room.start(file, 0, KIB);
        room.settle();
        assertThat(room.origin.lastDeadline().remaining()).isLessThanOrEqualTo(TestingRoom.PATIENCE);
        assertThat(reading.bytes()).isEqualTo(slice(0, KIB));
        room.pass(Duration.ofSeconds(1));
        room.origin.hold(true);
        TestingRoom.Reading next = room.start(file, 3 * MIB, KIB);
        room.settle();
        assertThat(room.origin.lastDeadline().remaining()).isEqualTo(next.deadline.remaining());
        while (room.origin.answerOne()) {
            room.settle();
        }
        closeAndAssertNothingIsHeld(file);
    }

    @Test
    void whoCameLaterAndWaitsLongerIsFetchedForAgainWhenTheFirstOnesTimeIsUp() {
        CachedFile file = room.open(row, List.of(first));
        Promise<Buffer> hung = Promise.promise();
        room.origin.fault((path, range) -> Optional.of(hung.future()));
        room.start(file, 0, KIB);
        room.settle();
        room.pass(Duration.ofSeconds(20));
        TestingRoom.Reading later = room.start(file, 0, KIB);
        room.settle();
        room.pass(Duration.ofSeconds(11));
        room.origin.noFault();
        hung.fail(new MusicFsException(FailureKind.TIMEOUT, "given up"));
        assertThat(later.bytes()).isEqualTo(slice(0, KIB));
        closeAndAssertNothingIsHeld(file);
    }

    private CachedFile storedAndEvicted() {
        CachedFile file = open();
        room.read(file, 0, MIB);
        room.read(file, MIB, 5 * MIB);
        room.pass(Duration.ofSeconds(5));
        room.store.chunks.clear();
        room.origin.calls();
        return file;
    }

    private static void corrupt(BytesOrigin origin, int with) {
        origin.fault((path, range) -> answer(range.length(), with));
    }

    private static Optional<Future<Buffer>> answer(long length, int filling) {
        byte[] garbage = new byte[(int) length];
        Arrays.fill(garbage, (byte) filling);
        return Optional.of(Future.succeededFuture(Buffer.buffer(garbage)));
    }

    private byte[] slice(int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    private void closeAndAssertNothingIsHeld(CachedFile file) {
        file.close();
        room.assertNothingIsHeld();
    }
}
