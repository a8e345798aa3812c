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
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.origin.Copy;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A file and another whose audio says that it is the same, behind other tags. */
class AudioCopyTest {
    private static final int HEADER = 8 * KIB;
    private static final int OTHER_HEADER = 13 * KIB;

    private final TestingRoom room = new TestingRoom();
    private final BytesOrigin backup = new BytesOrigin("near");
    private final byte[] audio = random(5 * MIB, 1);
    private final byte[] bytes = concat(random(HEADER, 2), audio);
    private Copy shown;
    private Copy other;

    /** The other copy has this audio. */
    private CachedFile open(byte[] otherAudio) {
        room.origins.add(backup);
        FileVersion version = room.origin.put("f1", bytes, 1);
        room.manifests.layouts.put(version, TestingRoom.layout(HEADER, bytes.length));
        FileRow row = room.row(1, version, room.origin);
        shown = TestingRoom.whole(row);
        other = new Copy(
                backup.id(),
                shown.path(),
                backup.put("f1", concat(random(OTHER_HEADER, 3), otherAudio), 9),
                true,
                OTHER_HEADER - HEADER,
                HEADER,
                bytes.length);
        return room.open(row, List.of(shown, other));
    }

    @AfterEach
    void everythingIsGivenBack() {
        room.end();
    }

    @Test
    @Resilience({"N.1", "4.2.6"})
    void itStandsInOnceWhatIsStoredOfTheAudioHasProvedEqual() {
        CachedFile file = open(audio);
        room.read(file, 0, HEADER + 10);
        room.origin.failWith(FailureKind.UNAVAILABLE);
        assertThat(room.read(file, MIB, 2 * MIB)).isEqualTo(slice(MIB, 2 * MIB));
        assertThat(room.read(file, 3 * MIB, MIB)).isEqualTo(slice(3 * MIB, MIB));
        close(file);
        assertThat(room.manifests.manifests.get(1L).chunks()).isNotEmpty().allSatisfy((block, chunk) -> {
            ByteRange range = BlockPlan.of(bytes.length, TestingRoom.layout(HEADER, bytes.length))
                    .range(block);
            assertThat(chunk).isEqualTo(ChunkId.of(ByteBuffer.wrap(bytes, (int) range.offset(), (int) range.length())));
        });
        assertThat(room.origins.suspects()).isEmpty();
    }

    @Test
    void itStandsInOnceWhatIsInMemoryOfTheAudioHasProvedEqual() {
        CachedFile file = open(audio);
        room.store.state = StoreState.UNUSABLE;
        room.read(file, HEADER, 10);
        room.origin.failWith(FailureKind.UNAVAILABLE);
        assertThat(room.read(file, MIB, 2 * MIB)).isEqualTo(slice(MIB, 2 * MIB));
        close(file);
    }

    @Test
    void anotherEncodingOfTheSameSoundIsNeverMixedIn() {
        byte[] encodedOtherwise = random(audio.length, 99);
        CachedFile file = open(encodedOtherwise);
        assertThat(room.read(file, 0, HEADER + 10)).isEqualTo(slice(0, HEADER + 10));
        int stored = room.store.puts;
        room.origin.failWith(FailureKind.UNAVAILABLE);
        assertKind(FailureKind.UNAVAILABLE, () -> room.read(file, 2 * MIB, MIB));
        long compared = BytesOrigin.bytes(backup.calls());
        assertThat(compared).isPositive().isLessThanOrEqualTo(3L * 16 * KIB);
        assertKind(FailureKind.UNAVAILABLE, () -> room.read(file, 2 * MIB, MIB));
        assertThat(backup.calls()).as("compared once").isEmpty();
        assertThat(room.store.puts).isEqualTo(stored);
        room.origin.noFault();
        assertThat(room.read(file, 0, bytes.length)).isEqualTo(bytes);
        assertThat(backup.calls()).isEmpty();
        close(file);
    }

    @Test
    void withoutAnythingToCompareItIsNotUsed() {
        CachedFile file = open(audio);
        assertThat(room.read(file, 0, HEADER)).isEqualTo(slice(0, HEADER));
        room.origin.failWith(FailureKind.UNAVAILABLE);
        assertKind(FailureKind.UNAVAILABLE, () -> room.read(file, 2 * MIB, MIB));
        assertThat(backup.calls()).isEmpty();
        room.origin.noFault();
        assertThat(room.read(file, HEADER, 10)).isEqualTo(slice(HEADER, 10));
        room.origin.failWith(FailureKind.UNAVAILABLE);
        assertThat(room.read(file, 2 * MIB, MIB)).as("now there is").isEqualTo(slice(2 * MIB, MIB));
        close(file);
    }

    @Test
    void nothingOfItsTagsIsEverShown() {
        CachedFile file = open(audio);
        room.origin.failWith(FailureKind.UNAVAILABLE);
        assertKind(FailureKind.UNAVAILABLE, () -> room.read(file, 0, KIB));
        assertThat(backup.calls()).isEmpty();
        close(file);
    }

    @Test
    @Resilience("3.8")
    void whenTheFilesOwnOriginHangsHalfOfTheReadersTimeIsLeftForIt() {
        CachedFile file = open(audio);
        room.read(file, HEADER, 10);
        Promise<Buffer> hung = Promise.promise();
        room.origin.fault((path, range) -> Optional.of(hung.future()));
        TestingRoom.Reading reading = room.start(file, 2 * MIB, KIB);
        room.settle();
        assertThat(room.origin.lastDeadline().remaining()).isEqualTo(Duration.ofSeconds(15));
        room.pass(Duration.ofSeconds(15));
        hung.fail(new MusicFsException(FailureKind.TIMEOUT, "given up"));
        room.origin.failWith(FailureKind.UNAVAILABLE);
        assertThat(reading.bytes()).isEqualTo(slice(2 * MIB, KIB));
        close(file);
    }

    @Test
    @Resilience("6.4")
    void aBlockWhoseAddressIsKnownIsProofItself() {
        CachedFile file = open(audio);
        room.read(file, 0, bytes.length);
        room.store.chunks.clear();
        room.origin.failWith(FailureKind.UNAVAILABLE);
        assertThat(room.read(file, 2 * MIB, MIB)).isEqualTo(slice(2 * MIB, MIB));
        backup.fault((path, range) -> {
            backup.noFault();
            return Optional.of(Future.succeededFuture(Buffer.buffer(new byte[(int) range.length()])));
        });
        assertKind(FailureKind.UNAVAILABLE, () -> room.read(file, 4 * MIB, KIB));
        assertThat(room.origins.suspects()).hasSize(1);
        assertThat(room.origins.suspects().get(0).copy()).isEqualTo(other);
        room.origin.noFault();
        assertThat(room.read(file, 4 * MIB, KIB)).isEqualTo(slice(4 * MIB, KIB));
        close(file);
    }

    private byte[] slice(int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    private void close(CachedFile file) {
        file.close();
        room.assertNothingIsHeld();
    }

    private static byte[] concat(byte[] one, byte[] two) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(one);
        all.writeBytes(two);
        return all.toByteArray();
    }
}
