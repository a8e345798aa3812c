package dev.musicfs.chunk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.chunk.ChunkStore;
import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.ScrubReport;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.StoreStats;
import dev.musicfs.chunk.VerifyReport;
import dev.musicfs.chunk.disk.MemoryChunkFiles;
import dev.musicfs.config.CacheConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.testkit.Resilience;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskChunkStoreTest {
    private static final long SIZE = 100L * TestingStore.FILE_BYTES;
    private static final long TAGS = 20L * TestingStore.FILE_BYTES;

    @TempDir
    Path directory;

    @Test
    void storesAndReadsAndKeepsDuplicatesOnce() {
        TestingStore kit = started();
        kit.put(1, EvictionClass.AUDIO);
        kit.put(1, EvictionClass.AUDIO);
        kit.read(1);
        ByteBuffer middle = ByteBuffer.allocate(2);
        kit.store.readBlocking(TestingStore.id(1), 2, middle);
        assertThat(middle.array()).containsExactly(0, 1);
        assertThat(kit.store.containsBlocking(TestingStore.id(1))).isTrue();
        assertThat(kit.store.containsBlocking(TestingStore.id(2))).isFalse();
        StoreStats stats = kit.store.stats();
        assertThat(List.of(stats.puts(), stats.duplicates(), stats.reads(), stats.chunks()))
                .containsExactly(1L, 1L, 2L, 1L);
        kit.assertTrueSums();
        kit.store.removeBlocking(List.of(TestingStore.id(1), TestingStore.id(2)));
        assertThat(kit.has(1)).isFalse();
        kit.assertTrueSums();
    }

    @Test
    void raisesTheTierOfADuplicateAndNeverLowersIt() {
        TestingStore kit = started();
        kit.put(1, EvictionClass.AUDIO);
        kit.put(1, EvictionClass.TAGS);
        assertThat(kit.files.files.get(TestingStore.id(1)).evictionClass()).isEqualTo(EvictionClass.TAGS);
        kit.assertTrueSums();
        kit.put(1, EvictionClass.AUDIO);
        assertThat(kit.store.stats().tagsBytes()).isEqualTo(TestingStore.FILE_BYTES);
        kit.assertTrueSums();
    }

    @Test
    @Resilience("3.6")
    void aSmallerSizeEvictsDownToItWhileInUseAndALargerOneIsFilled() {
        TestingStore kit = started();
        for (int number = 0; number < 60; number++) {
            kit.put(number, EvictionClass.AUDIO);
        }
        kit.store.change(resized(kit, 50L * TestingStore.FILE_BYTES));
        kit.store.tickBlocking();
        assertThat(kit.store.stats().usedBytes()).isLessThanOrEqualTo(50L * TestingStore.FILE_BYTES);
        assertThat(kit.has(59)).as("the last used stay").isTrue();
        kit.assertTrueSums();
        kit.store.change(resized(kit, 200L * TestingStore.FILE_BYTES));
        kit.store.tickBlocking();
        for (int number = 100; number < 200; number++) {
            kit.put(number, EvictionClass.AUDIO);
        }
        assertThat(kit.store.stats().usedBytes()).isGreaterThan(SIZE);
    }

    private static CacheConfig resized(TestingStore kit, long sizeBytes) {
        return new CacheConfig(
                sizeBytes, 0, TAGS, CacheConfig.Local.AUTO, kit.config.durability(), kit.config.scrubInterval(), 0);
    }

    @Test
    void refusesEmptyAndOversizedChunks() {
        TestingStore kit = started();
        assertFails(FailureKind.INVALID, () -> kit.store.putBlocking(ByteBuffer.allocate(0), EvictionClass.AUDIO));
        assertFails(
                FailureKind.INVALID,
                () -> kit.store.putBlocking(ByteBuffer.allocate(ChunkStore.MAX_CHUNK_BYTES + 1), EvictionClass.AUDIO));
    }

    @Test
    @Resilience("2.8")
    void passesThroughTheWatermarksAndFailsAtTheLastOne() {
        TestingStore kit = started();
        kit.put(0, 89, EvictionClass.AUDIO);
        assertThat(kit.store.state()).isEqualTo(StoreState.NORMAL);
        kit.put(89, 90, EvictionClass.AUDIO);
        assertThat(kit.store.state()).isEqualTo(StoreState.EVICTING);
        kit.put(90, 95, EvictionClass.AUDIO);
        assertThat(kit.store.state()).isEqualTo(StoreState.PRESSED);
        assertThat(kit.store.state().prefetching()).isFalse();
        kit.put(95, 99, EvictionClass.AUDIO);
        assertThat(kit.store.state()).isEqualTo(StoreState.FULL);
        assertFails(FailureKind.NO_SPACE, () -> kit.put(99, EvictionClass.AUDIO));
        kit.read(0);
        kit.assertTrueSums();
        kit.store.tickBlocking();
        assertThat(kit.store.state()).isEqualTo(StoreState.NORMAL);
        assertThat(kit.store.stats().usedBytes()).isEqualTo(88L * TestingStore.FILE_BYTES);
        assertThat(kit.store.stats().evictions()).isEqualTo(11);
        kit.assertTrueSums();
        kit.put(99, EvictionClass.AUDIO);
    }

    @Test
    @Resilience("3.10")
    void evictsTheLeastRecentlyUsedFirst() {
        TestingStore kit = started();
        kit.put(0, 90, EvictionClass.AUDIO);
        kit.read(0);
        kit.put(1, EvictionClass.AUDIO);
        kit.store.tickBlocking();
        assertThat(gone(kit, 0, 90)).containsExactly(2, 3);
    }

    @Test
    @Resilience("3.10")
    void remembersAfterARestartWhatWasUsedLast() {
        TestingStore kit = started().onMapDb();
        kit.start();
        kit.store.tickBlocking();
        kit.put(0, 80, EvictionClass.AUDIO);
        IntStream.range(0, 10).forEach(kit::read);
        kit.closeAndStart();
        kit.assertTrueSums();
        kit.put(80, 92, EvictionClass.AUDIO);
        kit.store.tickBlocking();
        assertThat(gone(kit, 0, 92)).containsExactly(10, 11, 12, 13);
        kit.store.closeBlocking();
    }

    @Test
    void tagsLeaveLast() {
        TestingStore kit = started();
        kit.put(0, 20, EvictionClass.TAGS);
        kit.put(20, 90, EvictionClass.AUDIO);
        kit.store.tickBlocking();
        assertThat(gone(kit, 0, 90)).containsExactly(20, 21);
    }

    @Test
    void tagsBeyondTheirQuotaLeaveFirst() {
        TestingStore kit = started();
        kit.put(0, 60, EvictionClass.AUDIO);
        kit.put(60, 81, EvictionClass.TAGS);
        kit.put(81, 90, EvictionClass.AUDIO);
        kit.store.tickBlocking();
        assertThat(gone(kit, 0, 90)).containsExactly(0, 60);
    }

    @Test
    void tagsLeaveWhenThereIsNothingElse() {
        TestingStore kit = started();
        kit.put(0, 90, EvictionClass.AUDIO);
        kit.store.pinBlocking(IntStream.range(0, 80).mapToObj(TestingStore::id).toList(), true);
        kit.store.removeBlocking(
                IntStream.range(80, 90).mapToObj(TestingStore::id).toList());
        kit.put(100, 110, EvictionClass.TAGS);
        kit.store.tickBlocking();
        assertThat(gone(kit, 100, 110)).containsExactly(100, 101);
    }

    @Test
    void pinnedChunksStay() {
        TestingStore kit = started();
        kit.put(0, 99, EvictionClass.AUDIO);
        List<ChunkId> all = IntStream.range(0, 99).mapToObj(TestingStore::id).toList();
        kit.store.pinBlocking(all, true);
        kit.store.tickBlocking();
        assertThat(gone(kit, 0, 99)).isEmpty();
        assertThat(kit.store.stats().pinnedBytes()).isEqualTo(99L * TestingStore.FILE_BYTES);
        kit.store.pinBlocking(all.subList(50, 99), false);
        kit.clock.advance(Duration.ofSeconds(11));
        kit.store.tickBlocking();
        assertThat(gone(kit, 0, 99)).hasSize(11).allMatch(number -> number >= 50);
    }

    @Test
    @Resilience("2.8")
    void leavesFreeSpaceOnTheDisk() {
        TestingStore kit = started();
        kit.put(0, 50, EvictionClass.AUDIO);
        kit.usableBytes = 0;
        kit.store.tickBlocking();
        assertThat(kit.store.stats().limitBytes()).isEqualTo(50L * TestingStore.FILE_BYTES);
        assertThat(kit.store.stats().usedBytes()).isEqualTo(44L * TestingStore.FILE_BYTES);
        kit.assertTrueSums();
    }

    @Test
    @Resilience("2.8")
    void noSpaceOnTheDiskIsAskedForAtOnceAndGivesTheReservationBack() {
        TestingStore kit = started();
        kit.store.tickBlocking();
        kit.usableBytes = 0;
        kit.files.beforeWrite = chunk -> {
            throw new MusicFsException(FailureKind.NO_SPACE, "disk full");
        };
        assertFails(FailureKind.NO_SPACE, () -> kit.store.putBlocking(TestingStore.chunk(1), EvictionClass.AUDIO));
        kit.assertTrueSums();
        kit.store.tickBlocking();
        assertThat(kit.store.state()).isEqualTo(StoreState.FULL);
        assertThat(kit.store.stats().limitBytes()).isZero();
    }

    @Test
    void aFailureAfterTheFileWasWrittenLeavesNothing() {
        TestingStore kit = started();
        kit.files.afterWrite = chunk -> {
            throw new IllegalStateException("a defect");
        };
        assertThatThrownBy(() -> kit.put(1, EvictionClass.AUDIO)).isInstanceOf(IllegalStateException.class);
        kit.files.afterWrite = chunk -> {};
        kit.put(2, EvictionClass.AUDIO);
        kit.store.verifyBlocking(true, () -> false, done -> {});
        kit.assertTrueSums();
    }

    @Test
    void aDamagedChunkIsForgottenAndAccountedFor() {
        TestingStore kit = started();
        kit.put(0, 3, EvictionClass.AUDIO);
        kit.files.damage(TestingStore.id(1));
        kit.files.files.remove(TestingStore.id(2));
        assertFails(FailureKind.CORRUPT, () -> kit.read(1));
        assertFails(FailureKind.NOT_FOUND, () -> kit.read(2));
        kit.store.tickBlocking();
        kit.assertTrueSums();
        assertThat(kit.store.stats().corruptions()).isEqualTo(1);
        kit.put(1, EvictionClass.AUDIO);
        kit.read(1);
    }

    @Test
    void aPinnedChunkThatWasDamagedIsPinnedWhenItIsBack() {
        TestingStore kit = started();
        kit.put(1, EvictionClass.AUDIO);
        kit.store.pinBlocking(List.of(TestingStore.id(1)), true);
        kit.files.damage(TestingStore.id(1));
        assertFails(FailureKind.CORRUPT, () -> kit.read(1));
        kit.put(1, EvictionClass.AUDIO);
        assertThat(kit.store.stats().pinnedBytes()).isEqualTo(TestingStore.FILE_BYTES);
        kit.assertTrueSums();
    }

    @Test
    @Resilience("3.5")
    void verifyTellsAllDifferencesAndRepairsThem() {
        TestingStore kit = started();
        kit.put(0, 10, EvictionClass.AUDIO);
        breakThings(kit);
        VerifyReport told = kit.store.verifyBlocking(false, () -> false, done -> {});
        assertThat(told).isEqualTo(new VerifyReport(10, told.bytes(), 1, 1, 1, 1, 0, true));
        VerifyReport repaired = kit.store.verifyBlocking(true, () -> false, done -> {});
        assertThat(repaired).isEqualTo(new VerifyReport(10, told.bytes(), 1, 1, 1, 1, 4, true));
        kit.assertTrueSums();
        VerifyReport clean = kit.store.verifyBlocking(true, () -> false, done -> {});
        assertThat(clean).isEqualTo(new VerifyReport(9, clean.bytes(), 0, 0, 0, 0, 0, true));
    }

    @Test
    @Resilience("3.5")
    void aStartAfterAnOrderlyCloseServesAtOnceAndReconcilesLater() {
        TestingStore kit = started();
        kit.put(0, 10, EvictionClass.AUDIO);
        kit.closeAndStart();
        kit.assertTrueSums();
        assertThat(kit.memory.created).hasValue(1);
        breakThings(kit);
        kit.files.files.remove(TestingStore.id(2));
        kit.store.tickBlocking();
        kit.assertTrueSums();
    }

    @Test
    void verifyStopsWhenItIsCancelled() {
        TestingStore kit = started();
        kit.put(0, 10, EvictionClass.AUDIO);
        long[] seen = new long[1];
        VerifyReport report = kit.store.verifyBlocking(true, () -> seen[0] == 4, done -> seen[0] = done);
        assertThat(report.complete()).isFalse();
        assertThat(report.chunks()).isEqualTo(4);
        kit.assertTrueSums();
    }

    @Test
    void clearSparesPinnedChunksUnlessToldOtherwise() {
        TestingStore kit = started();
        kit.put(0, 10, EvictionClass.AUDIO);
        kit.store.pinBlocking(List.of(TestingStore.id(3)), true);
        assertThat(kit.store.clearBlocking(false)).isEqualTo(9L * TestingStore.FILE_BYTES);
        assertThat(gone(kit, 0, 10)).containsExactly(0, 1, 2, 4, 5, 6, 7, 8, 9);
        kit.assertTrueSums();
        kit.store.clearBlocking(true);
        assertThat(kit.files.files).isEmpty();
        kit.assertTrueSums();
    }

    @Test
    @Resilience("6.4")
    void scrubbingFindsDamageByAndBy() {
        TestingStore kit = started();
        kit.store.tickBlocking();
        kit.put(0, 50, EvictionClass.AUDIO);
        kit.files.damage(TestingStore.id(7));
        kit.clock.advance(kit.config.scrubInterval().dividedBy(2));
        kit.store.tickBlocking();
        kit.clock.advance(kit.config.scrubInterval().dividedBy(2));
        kit.store.tickBlocking();
        kit.clock.advance(kit.config.scrubInterval().dividedBy(100));
        kit.store.tickBlocking();
        assertThat(kit.has(7)).isFalse();
        assertThat(kit.store.stats().corruptions()).isEqualTo(1);
        kit.assertTrueSums();
    }

    @Test
    void scrubbingAtOnceReadsEverything() {
        TestingStore kit = started();
        kit.put(0, 50, EvictionClass.AUDIO);
        kit.files.damage(TestingStore.id(7));
        assertThat(kit.store.scrubBlocking(() -> false, done -> {}))
                .isEqualTo(new ScrubReport(50, 50L * TestingStore.FILE_BYTES, 1, true));
        kit.assertTrueSums();
    }

    @Test
    void aStoreOfNoSizeIsUnusable() {
        TestingStore kit = new TestingStore(directory, 0, 0);
        kit.start();
        assertThat(kit.store.state()).isEqualTo(StoreState.UNUSABLE);
        assertFails(FailureKind.UNAVAILABLE, () -> kit.put(1, EvictionClass.AUDIO));
        assertFails(FailureKind.UNAVAILABLE, () -> kit.read(1));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    @Resilience("6.7")
    void comesBackWhenItsDirectoryBecomesUsable() throws IOException {
        Path place = directory.resolve("cache");
        Files.createFile(place);
        TestingStore kit = new TestingStore(place.resolve("store"), SIZE, TAGS);
        kit.start();
        assertThat(kit.store.state()).isEqualTo(StoreState.UNUSABLE);
        assertThat(kit.store.trouble().orElseThrow())
                .contains(place.resolve("store").toString(), "cannot be used");
        assertFails(FailureKind.UNAVAILABLE, () -> kit.put(1, EvictionClass.AUDIO));
        Files.delete(place);
        kit.clock.advance(Duration.ofSeconds(6));
        kit.store.tickBlocking();
        assertThat(kit.store.state()).isEqualTo(StoreState.NORMAL);
        assertThat(kit.store.trouble()).isEmpty();
        kit.put(1, EvictionClass.AUDIO);
        kit.read(1);
    }

    @Test
    void theStateOfTheDiskGoesBeforeThatOfTheFill() {
        TestingStore kit = started();
        kit.put(0, 99, EvictionClass.AUDIO);
        kit.disk = StoreState.UNWRITABLE;
        assertThat(kit.store.state()).isEqualTo(StoreState.UNWRITABLE);
        kit.read(0);
        kit.disk = StoreState.UNUSABLE;
        assertFails(FailureKind.UNAVAILABLE, () -> kit.read(0));
        kit.disk = StoreState.NORMAL;
        kit.read(0);
    }

    @Test
    void evictsByItself() throws Exception {
        TestingStore kit = new TestingStore(directory, SIZE, TAGS);
        CountDownLatch evicted = new CountDownLatch(2);
        kit.files.afterDelete = chunk -> evicted.countDown();
        kit.open().start();
        assertThat(kit.store.awaitCountedBlocking(Deadline.in(Duration.ofSeconds(60))))
                .isTrue();
        kit.put(0, 90, EvictionClass.AUDIO);
        assertThat(evicted.await(60, TimeUnit.SECONDS)).isTrue();
        kit.store.closeBlocking();
        assertFails(FailureKind.UNAVAILABLE, () -> kit.put(1, EvictionClass.AUDIO));
    }

    private TestingStore started() {
        TestingStore kit = new TestingStore(directory, SIZE, TAGS);
        kit.start();
        kit.store.tickBlocking();
        return kit;
    }

    // One chunk damaged, one dangler, one orphan, one of another size.
    private static void breakThings(TestingStore kit) {
        kit.files.damage(TestingStore.id(0));
        kit.files.files.remove(TestingStore.id(1));
        MemoryChunkFiles.File file = kit.files.files.get(TestingStore.id(2));
        kit.files.files.put(TestingStore.id(100), file);
        kit.files.files.put(
                TestingStore.id(2), new MemoryChunkFiles.File(ByteBuffer.allocate(5), EvictionClass.AUDIO, 1, false));
    }

    private static List<Integer> gone(TestingStore kit, int from, int to) {
        return IntStream.range(from, to).filter(i -> !kit.has(i)).boxed().toList();
    }

    private static void assertFails(FailureKind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MusicFsException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }
}
