package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.FaultyChunkStore.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class FaultyChunkStoreTest {
    private final MemoryChunkStore behind = new MemoryChunkStore(100);
    private final FaultyChunkStore store = new FaultyChunkStore(behind);
    private final ChunkId chunk = put("abc");

    @Test
    void failsPutsForWantOfSpaceAndReadsOn() {
        store.inject(Fault.NO_SPACE_ON_PUT);

        assertFails(FailureKind.NO_SPACE, () -> put("more"));
        assertThat(read(chunk)).isEqualTo("abc");

        store.heal();
        assertThat(read(put("more"))).isEqualTo("more");
        assertThat(store.puts()).isEqualTo(3);
        assertThat(store.reads()).isEqualTo(2);
    }

    @Test
    void failsReadsAndKeepsTheChunk() {
        store.inject(Fault.IO_ERROR_ON_READ);

        assertFails(FailureKind.UNAVAILABLE, () -> read(chunk));
        store.heal();
        assertThat(read(chunk)).isEqualTo("abc");
    }

    @Test
    void findsAChunkDamagedOnceAndThenMissing() {
        store.inject(Fault.CORRUPT_ON_READ);

        assertFails(FailureKind.CORRUPT, () -> read(chunk));
        assertThat(store.containsBlocking(chunk)).isFalse();
        assertFails(FailureKind.NOT_FOUND, () -> read(chunk));
    }

    @Test
    void hasNoChunkWhileItIsMissing() {
        store.inject(Fault.MISSING);

        assertThat(store.containsBlocking(chunk)).isFalse();
        assertFails(FailureKind.NOT_FOUND, () -> read(chunk));
        store.heal();
        assertThat(store.containsBlocking(chunk)).isTrue();
    }

    @Test
    void changesNothingWhileReadOnly() {
        store.inject(Fault.READ_ONLY);

        assertFails(FailureKind.READ_ONLY, () -> put("more"));
        assertFails(FailureKind.READ_ONLY, () -> store.removeBlocking(List.of(chunk)));
        assertFails(FailureKind.READ_ONLY, () -> store.pinBlocking(List.of(chunk), true));
        assertThat(read(chunk)).isEqualTo("abc");
    }

    @Test
    void hangsReadsAndPutsUntilItIsHealed() throws Exception {
        store.inject(Fault.HANG_ON_READ, Fault.HANG_ON_PUT);
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> read(chunk));
        CompletableFuture<ChunkId> put = CompletableFuture.supplyAsync(() -> put("more"));
        store.awaitHanging(2);
        assertThat(read.isDone() || put.isDone()).isFalse();

        store.heal();

        assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo("abc");
        assertThat(put.get(30, TimeUnit.SECONDS)).isNotEqualTo(chunk);
    }

    @Test
    void saysTheStateItIsToldTo() {
        store.claim(Optional.of(StoreState.FULL));
        assertThat(store.state()).isEqualTo(StoreState.FULL);
        store.claim(Optional.empty());
        assertThat(store.state()).isEqualTo(StoreState.NORMAL);
    }

    private ChunkId put(String text) {
        return store.putBlocking(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), EvictionClass.AUDIO);
    }

    private String read(ChunkId id) {
        ByteBuffer bytes = ByteBuffer.allocate(id.equals(chunk) ? 3 : 4);
        store.readBlocking(id, 0, bytes);
        return new String(bytes.array(), StandardCharsets.US_ASCII);
    }

    private static void assertFails(FailureKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .satisfies(e -> assertThat(MusicFsException.kindOf(e)).isEqualTo(kind));
    }
}
