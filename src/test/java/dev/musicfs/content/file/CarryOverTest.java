package dev.musicfs.content.file;

import static dev.musicfs.content.file.TestingRoom.KIB;
import static dev.musicfs.content.file.TestingRoom.MIB;
import static dev.musicfs.content.file.TestingRoom.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A file that was only tagged anew is not fetched anew. */
class CarryOverTest {
    private static final int SAMPLES = 3 * 16 * KIB;

    private final TestingRoom room = new TestingRoom();
    private final byte[] audio = random(12 * MIB, 1);

    /** A file in two parts around its audio; the header may end with a picture. */
    private static final class Tagged {
        private final byte[] header;
        private final byte[] picture;
        private final byte[] audio;
        private final byte[] trailer;
        private final String hash;

        Tagged(byte[] header, byte[] picture, byte[] audio, byte[] trailer, String hash) {
            this.header = header;
            this.picture = picture;
            this.audio = audio;
            this.trailer = trailer;
            this.hash = hash;
        }

        byte[] bytes() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] part : List.of(header, picture, audio, trailer)) {
                all.writeBytes(part);
            }
            return all.toByteArray();
        }

        AudioLayout layout() {
            int start = header.length + picture.length;
            return new AudioLayout(
                    start,
                    start + audio.length,
                    picture.length == 0 ? List.of() : List.of(new ByteRange(header.length, picture.length)),
                    hash);
        }
    }

    @AfterEach
    void everythingIsGivenBack() {
        room.end();
    }

    @Test
    void aFlacWhoseTagsOutgrewThePaddingFetchesItsHeaderAndThreeSamples() {
        String md5 = "0123456789abcdef0123456789abcdef";
        readAll(new Tagged(random(8 * KIB, 2), new byte[0], audio, new byte[0], md5), 1);
        Tagged now = new Tagged(random(13 * KIB, 3), new byte[0], audio, new byte[0], md5);
        CachedFile file = readAll(now, 2);
        List<ByteRange> calls = room.origin.calls();
        assertThat(BytesOrigin.bytes(calls)).isEqualTo(SAMPLES + 13 * KIB).isLessThanOrEqualTo(64 * KIB);
        assertThat(room.stats().carriedBlocks())
                .isEqualTo(BlockPlan.of(now.bytes().length, now.layout()).count() - 1);
        assertThat(room.manifests.manifests.get(1L).version()).isEqualTo(file.version());
        close(file);
    }

    @Test
    void anMp3WithTagsAtBothEndsFetchesThoseAndThreeSamples() {
        readAll(new Tagged(new byte[0], new byte[0], audio, new byte[0], ""), 1);
        CachedFile file = readAll(new Tagged(random(4 * KIB, 2), new byte[0], audio, random(128, 3), ""), 2);
        assertThat(BytesOrigin.bytes(room.origin.calls())).isEqualTo(SAMPLES + 4 * KIB + 128);
        close(file);
    }

    @Test
    void aLargeFileThatIsOnlyPartlyThereIsSampledWhereItIsThere() {
        long size = 300L << 20;
        AudioLayout before = TestingRoom.layout(8 * KIB, size);
        FileVersion first = room.origin.put("f1", size, 1, (offset, length) -> stripes(offset - 8 * KIB, length));
        room.manifests.layouts.put(first, before);
        CachedFile file = room.open(1, first);
        for (int at : new int[] {0, 70, 150, 299}) {
            room.read(file, at * (long) MIB + 10 * KIB, 4 * KIB);
        }
        close(file);
        room.origin.calls();
        int grown = 12 * KIB;
        FileVersion second =
                room.origin.put("f1", size - 8 * KIB + grown, 2, (offset, length) -> stripes(offset - grown, length));
        room.manifests.layouts.put(second, TestingRoom.layout(grown, size - 8 * KIB + grown));
        CachedFile again = room.open(1, second);
        assertThat(room.read(again, 0, grown)).isEqualTo(stripes(-grown, grown));
        assertThat(BytesOrigin.bytes(room.origin.calls()))
                .isEqualTo(SAMPLES + grown)
                .isLessThanOrEqualTo(64 * KIB);
        for (int at : new int[] {0, 70, 150, 299}) {
            long offset = at * (long) MIB + 10 * KIB + grown - 8 * KIB;
            assertThat(room.read(again, offset, 4 * KIB)).isEqualTo(stripes(offset - grown, 4 * KIB));
        }
        assertThat(room.origin.calls()).isEmpty();
        close(again);
    }

    @Test
    void aPictureOfTheSameLengthIsCarriedOverAndOneOfAnotherIsFetched() {
        byte[] picture = random(300 * KIB, 5);
        readAll(new Tagged(random(8 * KIB, 2), picture, audio, new byte[0], ""), 1);
        readAll(new Tagged(random(9 * KIB, 3), picture, audio, new byte[0], ""), 2);
        assertThat(BytesOrigin.bytes(room.origin.calls())).isEqualTo(2 * SAMPLES + 9 * KIB);
        readAll(new Tagged(random(9 * KIB, 3), random(301 * KIB, 6), audio, new byte[0], ""), 3);
        assertThat(BytesOrigin.bytes(room.origin.calls())).isEqualTo(SAMPLES + 9 * KIB + 301 * KIB);
        readAll(new Tagged(random(9 * KIB, 3), random(301 * KIB, 7), audio, new byte[0], ""), 4);
        assertThat(BytesOrigin.bytes(room.origin.calls()))
                .as("as long, and another")
                .isEqualTo(2 * SAMPLES + 9 * KIB + 301 * KIB);
    }

    @Test
    void audioThatDiffersInASampleIsFetchedAnew() {
        readAll(new Tagged(random(8 * KIB, 2), new byte[0], audio, new byte[0], ""), 1);
        byte[] other = audio.clone();
        other[other.length - 1] ^= 1;
        readAll(new Tagged(random(9 * KIB, 3), new byte[0], other, new byte[0], ""), 2);
        assertThat(BytesOrigin.bytes(room.origin.calls())).isEqualTo(SAMPLES + 9 * KIB + audio.length);
    }

    @Test
    void audioThatTheFileSaysIsAnotherIsNotEvenSampled() {
        readAll(new Tagged(random(8 * KIB, 2), new byte[0], audio, new byte[0], "aa"), 1);
        readAll(new Tagged(random(9 * KIB, 3), new byte[0], audio, new byte[0], "bb"), 2);
        assertThat(BytesOrigin.bytes(room.origin.calls())).isEqualTo(9 * KIB + audio.length);
        assertThat(room.stats().carriedBlocks()).isZero();
    }

    @Test
    void nothingIsCarriedOverInAFileOfUnknownLayout() {
        CachedFile file = room.open(1, room.origin.put("f1", audio, 1));
        room.read(file, 0, audio.length);
        close(file);
        byte[] tagged = audio.clone();
        tagged[100 * KIB] ^= 1;
        assertThat(room.read(room.open(1, room.origin.put("f1", tagged, 2)), 0, audio.length))
                .isEqualTo(tagged);
    }

    @Test
    void aHundredFirstReadersCompareOnce() {
        readAll(new Tagged(random(8 * KIB, 2), new byte[0], audio, new byte[0], ""), 1);
        CachedFile file = open(new Tagged(random(9 * KIB, 3), new byte[0], audio, new byte[0], ""), 2);
        room.origin.calls();
        room.origin.hold(true);
        List<TestingRoom.Reading> readings = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            readings.add(room.start(file, MIB, 10));
        }
        room.settle();
        assertThat(room.origin.heldCalls()).isEqualTo(3);
        while (room.origin.answerOne()) {
            room.settle();
        }
        readings.forEach(reading ->
                assertThat(reading.bytes()).isEqualTo(Arrays.copyOfRange(audio, MIB - 9 * KIB, MIB - 9 * KIB + 10)));
        assertThat(room.origin.calls()).hasSize(3);
        close(file);
    }

    @Test
    void whateverFailsWhileComparingOnlyCostsAFetch() {
        List<Consumer<TestingRoom>> faults = List.of(
                at -> at.store.chunks.clear(),
                at -> at.store.onRead = new MusicFsException(FailureKind.UNAVAILABLE, "fault"),
                at -> failOnce(at, Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, "fault"))),
                at -> failOnce(at, Future.succeededFuture(Buffer.buffer("short"))));
        for (Consumer<TestingRoom> fault : faults) {
            CarryOverTest fresh = new CarryOverTest();
            fresh.readAll(new Tagged(random(8 * KIB, 2), new byte[0], fresh.audio, new byte[0], ""), 1);
            fault.accept(fresh.room);
            CachedFile file =
                    fresh.readAll(new Tagged(random(9 * KIB, 3), new byte[0], fresh.audio, new byte[0], ""), 2);
            assertThat(fresh.room.stats().carriedBlocks()).isZero();
            fresh.close(file);
        }
    }

    @Test
    void anOriginThatHangsWhileComparingHoldsUpTheFirstReadForTenSecondsAtMost() {
        readAll(new Tagged(random(8 * KIB, 2), new byte[0], audio, new byte[0], ""), 1);
        failOnce(room, Promise.<Buffer>promise().future());
        CachedFile file = open(new Tagged(random(9 * KIB, 3), new byte[0], audio, new byte[0], ""), 2);
        TestingRoom.Reading reading = room.start(file, MIB, 10);
        room.settle();
        assertThat(reading.answered()).isFalse();
        room.pass(Duration.ofSeconds(10));
        assertThat(reading.bytes()).isEqualTo(Arrays.copyOfRange(audio, MIB - 9 * KIB, MIB - 9 * KIB + 10));
        close(file);
    }

    private static void failOnce(TestingRoom at, Future<Buffer> answer) {
        at.origin.fault((path, range) -> {
            at.origin.noFault();
            return Optional.of(answer);
        });
    }

    private CachedFile open(Tagged file, long mtime) {
        FileVersion version = room.origin.put("f1", file.bytes(), mtime);
        room.manifests.layouts.put(version, file.layout());
        return room.open(1, version);
    }

    /** Opens the version and reads it whole; its calls can be asked for, those of a version before are forgotten. */
    private CachedFile readAll(Tagged file, long mtime) {
        room.origin.calls();
        CachedFile opened = open(file, mtime);
        assertThat(room.read(opened, 0, file.bytes().length)).isEqualTo(file.bytes());
        room.pass(Duration.ofSeconds(5));
        return opened;
    }

    private void close(CachedFile file) {
        file.close();
        room.settle();
    }

    private static byte[] stripes(long offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            long at = offset + i;
            bytes[i] = (byte) (at ^ at >> 8 ^ at >> 20);
        }
        return bytes;
    }
}
