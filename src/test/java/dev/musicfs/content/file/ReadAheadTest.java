package dev.musicfs.content.file;

import static dev.musicfs.content.file.TestingRoom.KIB;
import static dev.musicfs.content.file.TestingRoom.MIB;
import static dev.musicfs.content.file.TestingRoom.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.StoreState;
import dev.musicfs.content.fetch.FetchSizes;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.testkit.Resilience;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReadAheadTest {
    private final TestingRoom room = new TestingRoom(48L << 20, 8L << 20);
    private final byte[] bytes = random(24 * MIB, 1);
    private final CachedFile file = room.open(1, bytes);

    @AfterEach
    void everythingIsGivenBack() {
        room.end();
    }

    @Test
    void lookingAtTheHeadFetchesNothingAhead() {
        room.read(file, 0, 64 * KIB);
        room.read(file, 64 * KIB, 64 * KIB);
        assertThat(room.origin.calls()).containsExactly(new ByteRange(0, 64 * KIB), new ByteRange(64 * KIB, 64 * KIB));
    }

    @Test
    @Resilience("B.2")
    void aScanThroughACoverFetchesNothingAheadHoweverFarTheKernelRunsInFrontOfIt() {
        ByteRange cover = new ByteRange(8 * KIB, 264 * KIB);
        FileVersion version = room.origin.put("f2", bytes, 1);
        room.manifests.layouts.put(version, new AudioLayout(cover.end(), bytes.length, List.of(cover), ""));
        CachedFile scanned = room.open(2, version);
        int end = (int) cover.end() + 256 * KIB;
        for (int offset = 0; offset < end; offset += 128 * KIB) {
            room.read(scanned, offset, Math.min(128 * KIB, end - offset));
        }
        assertThat(BytesOrigin.bytes(room.origin.calls())).isEqualTo(end);
    }

    /** MPD 0.23 does so, with two reads of 256 KiB at a time. */
    @Test
    @Resilience("B.2")
    void aScanThatTakesTheFirstHalfMebibyteInOneGoFetchesNothingAhead() {
        for (int offset = 0; offset < 640 * KIB; offset += 128 * KIB) {
            room.read(file, offset, 128 * KIB);
        }
        room.settle();
        assertThat(BytesOrigin.bytes(room.origin.calls()))
                .as("blocks are stored whole, so that the next scan finds them")
                .isEqualTo(MIB);
    }

    @Test
    void readingOnwardFetchesAheadMoreAndMore() {
        long[] ahead = new long[10];
        int step = 0;
        long fetched = 0;
        for (long offset : new long[] {0, 64 * KIB, 128 * KIB, 256 * KIB, 512 * KIB, MIB, 2 * MIB, 3 * MIB}) {
            room.read(file, offset, 4 * KIB);
            fetched += BytesOrigin.bytes(room.origin.calls());
            ahead[step++] = fetched;
        }
        // Whole blocks: up to 64, 128, 256, 512, 1024, 2048 + 512, 3072 + 2048 KiB, ..., and never further than the
        // block
        // that the window ends in.
        assertThat(ahead).startsWith(64L * KIB, 128L * KIB, 256L * KIB, 512L * KIB, MIB, 3L * MIB, 5L * MIB, 12L * MIB);
        assertThat(room.stats().fetchedBytes()).isEqualTo(12L * MIB);
    }

    @Test
    void whatWasFetchedAheadIsReadFromTheStore() {
        for (int offset = 0; offset < bytes.length; offset += 128 * KIB) {
            room.read(file, offset, 128 * KIB);
        }
        assertThat(BytesOrigin.bytes(room.origin.calls())).isEqualTo(bytes.length);
        assertThat(room.stats().misses()).as("only until the window is open").isLessThanOrEqualTo(5);
        file.close();
        room.assertNothingIsHeld();
    }

    @Test
    void aSeekEndsItAndWhatHasNotBegunNeverBegins() {
        openTheWindow();
        FetchSizes.failed(room.pipeline, room.origin.id());
        room.origin.hold(true);
        room.read(file, 3 * MIB, 4 * KIB);
        assertThat(room.origin.calls())
                .as("of the seven blocks in the window, as many pieces as one file may have on their way")
                .hasSize(8)
                .allSatisfy(call -> assertThat(call.end()).isLessThanOrEqualTo(7 * MIB));
        TestingRoom.Reading elsewhere = room.start(file, 22 * MIB, 4 * KIB);
        room.settle();
        assertThat(room.origin.calls()).containsExactly(new ByteRange(22 * MIB, 256 * KIB));
        while (room.origin.answerOne()) {
            room.settle();
        }
        assertThat(elsewhere.bytes()).isNotEmpty();
        assertThat(room.origin.calls())
                .as("the rest of the block that was sought")
                .allSatisfy(call -> assertThat(call.offset()).isGreaterThan(22 * MIB))
                .hasSize(3);
    }

    @Test
    void anOriginThatAnswersSoonIsAskedForWholeBlocksAhead() {
        openTheWindow();
        room.origin.hold(true);
        room.start(file, 3 * MIB, 4 * KIB);
        room.settle();
        assertThat(room.origin.calls())
                .as("what is left of the window, all of it on its way at once")
                .hasSize(7)
                .allSatisfy(call -> assertThat(call.length()).isEqualTo(MIB));
        answerAll();
    }

    @Test
    void aSlowOriginIsAskedForALittleAtATime() {
        for (int i = 0; i < 3; i++) {
            FetchSizes.answered(room.pipeline, room.origin.id(), MIB, Duration.ofSeconds(2));
        }
        room.origin.hold(true);
        for (long offset : new long[] {0, 64 * KIB, 128 * KIB, 256 * KIB}) {
            room.start(file, offset, 4 * KIB);
            room.settle();
            room.pass(Duration.ofSeconds(2));
            answerAll();
        }
        assertThat(room.origin.calls())
                .allSatisfy(call -> assertThat(call.length()).isLessThanOrEqualTo(256 * KIB));
    }

    @Test
    void aReaderWaitsForSmallPiecesHoweverSoonTheOriginAnswers() {
        openTheWindow();
        room.origin.hold(true);
        room.start(file, 20 * MIB, 4 * KIB);
        room.settle();
        assertThat(room.origin.calls()).startsWith(new ByteRange(20 * MIB, 256 * KIB));
        answerAll();
    }

    /** Up to 5 MiB. */
    private void openTheWindow() {
        for (long offset : new long[] {0, 64 * KIB, 128 * KIB, 256 * KIB, 512 * KIB, MIB, 2 * MIB}) {
            room.read(file, offset, 4 * KIB);
        }
        room.origin.calls();
    }

    private void answerAll() {
        while (room.origin.answerOne()) {
            room.settle();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = StoreState.class,
            names = {"PRESSED", "FULL", "UNWRITABLE", "UNUSABLE"})
    void nothingIsFetchedAheadWithoutRoomForIt(StoreState state) {
        room.store.state = state;
        for (long offset : new long[] {0, 64 * KIB, 128 * KIB, 256 * KIB, 512 * KIB, MIB, 2 * MIB, 3 * MIB}) {
            room.read(file, offset, 4 * KIB);
        }
        assertThat(room.origin.calls())
                .allSatisfy(call -> assertThat(call.end()).isLessThanOrEqualTo(4 * MIB));
    }

    @Test
    void aFailureAheadStopsItUntilTheReaderGoesOn() {
        openTheWindow();
        room.origin.failWith(dev.musicfs.failure.FailureKind.UNAVAILABLE);
        room.read(file, 3 * MIB, 4 * KIB);
        assertThat(room.origin.calls()).hasSizeBetween(1, 8);
        room.settle();
        assertThat(room.origin.calls()).isEmpty();
        file.close();
        room.assertNothingIsHeld();
    }
}
