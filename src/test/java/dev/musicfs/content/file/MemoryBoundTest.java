package dev.musicfs.content.file;

import static dev.musicfs.content.file.FetchingTest.assertKind;
import static dev.musicfs.content.file.TestingRoom.KIB;
import static dev.musicfs.content.file.TestingRoom.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.StoreState;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.testkit.Resilience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory is bounded under any number of readers, and nobody starves. */
class MemoryBoundTest {
    private static final long MEMORY = 4L * MIB;

    private final TestingRoom room = new TestingRoom(MEMORY, 8L << 20);

    @AfterEach
    void everythingIsGivenBack() {
        room.end();
    }

    @Test
    void fiveHundredReadersStayWithinTheBudgetAndAllAreAnswered() {
        CachedFile file = openEndless(1, room.origin);
        List<TestingRoom.Reading> readings = startReaders(file, 500);
        int answered = 0;
        while (room.origin.heldCalls() > 0) {
            assertThat(room.stats().heldBytes()).isLessThanOrEqualTo(MEMORY);
            assertThat(room.origin.heldBytes()).isLessThanOrEqualTo(MEMORY);
            room.origin.answerOne();
            room.settle();
        }
        for (TestingRoom.Reading reading : readings) {
            assertThat(reading.bytes()).isEqualTo(endless(reading.offset, 4 * KIB));
            answered++;
        }
        assertThat(answered).isEqualTo(500);
        file.close();
        room.assertNothingIsHeld();
    }

    @Test
    void theSameHoldsWithoutAStore() {
        room.store.state = StoreState.UNUSABLE;
        fiveHundredReadersStayWithinTheBudgetAndAllAreAnswered();
        assertThat(room.origin.calls()).as("no byte more than is wanted").hasSize(500);
    }

    @Test
    void theSameHoldsForBlocksThatHaveToBeVerifiedWhole() {
        CachedFile file = openEndless(1, room.origin);
        room.origin.hold(false);
        for (int i = 0; i < 40; i++) {
            room.read(file, (2L + i) * MIB, 4 * KIB);
        }
        room.store.chunks.clear();
        List<TestingRoom.Reading> readings = startReaders(file, 40);
        while (room.origin.heldCalls() > 0) {
            assertThat(room.stats().heldBytes()).isLessThanOrEqualTo(MEMORY);
            room.origin.answerOne();
            room.settle();
        }
        for (TestingRoom.Reading reading : readings) {
            assertThat(reading.bytes()).isEqualTo(endless(reading.offset, 4 * KIB));
        }
        file.close();
        room.assertNothingIsHeld();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReaderThatWaitsIsGivenTheMemoryOfBlocksThatCouldNotBeStored(boolean refused) {
        CachedFile file = openEndless(1, room.origin);
        room.origin.hold(false);
        for (int i = 0; i < 5; i++) {
            room.read(file, (2L + i) * MIB, 4 * KIB);
        }
        room.store.chunks.clear();
        if (refused) {
            room.store.state = StoreState.UNWRITABLE;
        } else {
            room.store.onPut = new MusicFsException(FailureKind.NO_SPACE, "fault");
        }
        room.hashers.hang(true);
        List<TestingRoom.Reading> readings = startReaders(file, 5);
        answerAll();
        assertThat(room.stats().heldBytes()).isEqualTo(MEMORY);
        room.hashers.hang(false);
        room.settle();
        answerAll();
        for (TestingRoom.Reading reading : readings) {
            assertThat(reading.bytes()).isEqualTo(endless(reading.offset, 4 * KIB));
        }
        file.close();
        room.assertNothingIsHeld();
    }

    private void answerAll() {
        while (room.origin.answerOne()) {
            room.settle();
        }
    }

    @Test
    void moreReadersThanMayWaitAreRefusedAtOnce() {
        CachedFile file = openEndless(1, room.origin);
        List<TestingRoom.Reading> readings = startReaders(file, 1100);
        List<TestingRoom.Reading> refused =
                readings.stream().filter(TestingRoom.Reading::answered).toList();
        assertThat(refused).hasSize(1100 - 1024 - (int) (MEMORY / 2 / (256 * KIB)));
        assertKind(FailureKind.UNAVAILABLE, refused.get(0)::bytes);
        room.pass(Duration.ofSeconds(31));
        file.close();
        room.pass(Duration.ofSeconds(31));
        room.assertNothingIsHeld();
    }

    @Test
    @Resilience("3.8")
    void anOriginThatHangsLeavesRoomForTheOthers() {
        CachedFile hung = openEndless(1, room.origin);
        startReaders(hung, 100);
        BytesOrigin well = new BytesOrigin("near");
        CachedFile other = openEndless(2, well);
        well.hold(false);
        for (int i = 0; i < 20; i++) {
            assertThat(room.read(other, (2L + i) * MIB, 4 * KIB)).isEqualTo(endless((2L + i) * MIB, 4 * KIB));
        }
        room.pass(Duration.ofSeconds(31));
        hung.close();
        other.close();
        room.pass(Duration.ofSeconds(31));
        room.assertNothingIsHeld();
    }

    @Test
    void twoHungOriginsAndAHungStoreStayWithinTheBudgetTogether() {
        CachedFile stored = openEndless(3, room.origin);
        room.origin.hold(false);
        room.writers.hang(true);
        room.read(stored, 2L * MIB, MIB);
        CachedFile file = openEndless(1, room.origin);
        BytesOrigin second = new BytesOrigin("near");
        CachedFile other = openEndless(2, second);
        startReaders(file, 20);
        startReaders(other, 20);
        assertThat(room.stats().pendingWriteBytes()).isEqualTo(MIB);
        assertThat(room.stats().heldBytes()).isEqualTo(MEMORY);
        assertThat(room.origin.heldBytes() + second.heldBytes()).isEqualTo(MEMORY - MIB);
        room.writers.hang(false);
        stored.close();
        file.close();
        other.close();
        room.pass(Duration.ofSeconds(31));
        room.pass(Duration.ofSeconds(31));
        room.assertNothingIsHeld();
    }

    @Test
    void whatIsFetchedAheadLeavesAQuarterFree() {
        CachedFile file = openEndless(1, room.origin);
        room.origin.hold(false);
        room.writers.hang(true);
        for (long offset = 0; offset < 6 * MIB; offset += 128 * KIB) {
            room.read(file, offset, 128 * KIB);
            room.settle();
        }
        assertThat(room.stats().heldBytes()).isLessThanOrEqualTo(MEMORY);
        room.writers.hang(false);
        file.close();
        room.assertNothingIsHeld();
    }

    private List<TestingRoom.Reading> startReaders(CachedFile file, int count) {
        room.origin.hold(true);
        List<TestingRoom.Reading> readings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            readings.add(room.start(file, (2L + i) * MIB, 4 * KIB));
        }
        room.settle();
        return readings;
    }

    private CachedFile openEndless(long id, BytesOrigin origin) {
        FileVersion version = origin.put("f" + id, 1L << 40, 1, MemoryBoundTest::endless);
        origin.hold(true);
        return room.open(id, version, origin);
    }

    private static byte[] endless(long offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            long at = offset + i;
            bytes[i] = (byte) (at ^ at >>> 8 ^ at >>> 20);
        }
        return bytes;
    }
}
