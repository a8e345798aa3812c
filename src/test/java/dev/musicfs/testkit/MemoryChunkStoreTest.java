package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class MemoryChunkStoreTest {
    private final MemoryChunkStore store = new MemoryChunkStore(30);

    @Test
    void readsARangeOfWhatWasPutAndLeavesTheBuffersAlone() {
        ByteBuffer bytes =
                ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}).position(1).limit(4);
        ChunkId id = store.putBlocking(bytes, EvictionClass.AUDIO);
        ByteBuffer read = ByteBuffer.allocate(4).position(2);
        store.readBlocking(id, 1, read);

        assertThat(id).isEqualTo(ChunkId.of(bytes));
        assertThat(bytes.position()).isEqualTo(1);
        assertThat(read.array()).containsExactly(0, 0, 2, 3);
    }

    @Test
    void refusesWhatIsNoRangeOrNoChunk() {
        ChunkId id = put(1, 10, EvictionClass.AUDIO);
        ByteBuffer read = ByteBuffer.allocate(5);

        assertFails(FailureKind.INVALID, () -> store.readBlocking(id, 6, read));
        assertFails(FailureKind.INVALID, () -> store.readBlocking(id, -1, read));
        assertFails(FailureKind.INVALID, () -> store.putBlocking(ByteBuffer.allocate(0), EvictionClass.AUDIO));
        assertFails(
                FailureKind.INVALID,
                () -> store.putBlocking(ByteBuffer.allocate(ChunkStore.MAX_CHUNK_BYTES + 1), EvictionClass.AUDIO));
        assertFails(FailureKind.NOT_FOUND, () -> store.readBlocking(new ChunkId(1, 2, 3, 4), 0, read));
        assertThat(read.position()).isZero();
    }

    @Test
    void evictsTheLeastRecentlyUsedAudioBeforeTagsAndNothingThatIsPinned() {
        ChunkId tags = put(1, 10, EvictionClass.TAGS);
        ChunkId pinned = put(2, 5, EvictionClass.AUDIO);
        store.pinBlocking(List.of(pinned), true);
        ChunkId used = put(3, 5, EvictionClass.AUDIO);
        ChunkId unused = put(4, 5, EvictionClass.AUDIO);
        store.readBlocking(used, 0, ByteBuffer.allocate(1));

        ChunkId added = put(5, 10, EvictionClass.AUDIO);
        assertThat(present(tags, pinned, used, unused, added)).containsExactly(true, true, true, false, true);

        ChunkId large = put(6, 20, EvictionClass.AUDIO);
        assertThat(present(tags, pinned, used, added, large)).containsExactly(false, true, false, false, true);
        assertFails(FailureKind.NO_SPACE, () -> put(7, 26, EvictionClass.AUDIO));
        assertThat(present(pinned, large)).containsExactly(true, true);
        assertThat(store.stats().usedBytes()).isEqualTo(25);
        assertThat(store.stats().pinnedBytes()).isEqualTo(5);
        assertThat(store.stats().evictions()).isEqualTo(4);
        assertThat(store.stats().failures()).isOne();
    }

    @Test
    void keepsOneOfEachAndMovesItToTags() {
        ChunkId id = put(1, 10, EvictionClass.AUDIO);
        assertThat(put(1, 10, EvictionClass.TAGS)).isEqualTo(id);
        put(1, 10, EvictionClass.AUDIO);

        assertThat(store.stats().chunks()).isOne();
        assertThat(store.stats().duplicates()).isEqualTo(2);
        assertThat(store.stats().tagsBytes()).isEqualTo(10);
    }

    @Test
    void noticesDamageAndDeletesTheChunk() {
        ChunkId id = put(1, 10, EvictionClass.AUDIO);
        store.damage(id);

        assertFails(FailureKind.CORRUPT, () -> store.readBlocking(id, 0, ByteBuffer.allocate(1)));
        assertThat(store.containsBlocking(id)).isFalse();
        assertThat(store.stats().usedBytes()).isZero();
        assertThat(store.stats().corruptions()).isOne();
    }

    private ChunkId put(int fill, int length, EvictionClass evictionClass) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) fill);
        return store.putBlocking(ByteBuffer.wrap(bytes), evictionClass);
    }

    private List<Boolean> present(ChunkId... chunks) {
        return java.util.Arrays.stream(chunks).map(store::containsBlocking).toList();
    }

    private static void assertFails(FailureKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .satisfies(e -> assertThat(MusicFsException.kindOf(e)).isEqualTo(kind));
    }
}
