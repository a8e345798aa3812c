package dev.musicfs.chunk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import dev.musicfs.testkit.Resilience;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Failures amid changes of the store: no lock stays, and the sums never say less than what the disk holds. */
@Timeout(60)
class StoreAmidAChangeTest {
    private static final List<Throwable> FAILURES = List.of(
            new MusicFsException(FailureKind.UNAVAILABLE, "the disk"),
            new IllegalStateException("a defect"),
            new StackOverflowError());

    @TempDir
    Path directory;

    private TestingStore kit;

    @BeforeEach
    void start() {
        kit = new TestingStore(directory, 100L * TestingStore.FILE_BYTES, 20L * TestingStore.FILE_BYTES);
        kit.start();
        kit.store.tickBlocking();
        kit.put(0, 10, EvictionClass.AUDIO);
    }

    @AfterEach
    void disarm() {
        Failpoints.disarmAll();
    }

    @Test
    @Resilience("2.9")
    void aPutThatFailsBeforeItsFileIsThereLeavesNothing() throws Exception {
        for (Throwable failure : FAILURES) {
            kit.files.beforeWrite = throwing(failure);
            assertThatThrownBy(() -> kit.put(50, EvictionClass.AUDIO)).isSameAs(failure);
            kit.files.beforeWrite = chunk -> {};
            assertThat(kit.has(50)).isFalse();
            kit.assertTrueSums();
            goesOn(50);
        }
    }

    @Test
    @Resilience("2.9")
    void aPutThatFailsBetweenFileAndIndexLeavesNothing() throws Exception {
        Failpoints.Scope broken = Failpoints.arm(Failpoint.CAS_PUT_AFTER_WRITE_BEFORE_INDEX, "panic(a defect)");
        try {
            assertThatThrownBy(() -> kit.put(50, EvictionClass.AUDIO)).hasMessageContaining("a defect");
        } finally {
            broken.close();
        }
        assertThat(kit.has(50)).isFalse();
        kit.assertTrueSums();
        goesOn(50);
    }

    @Test
    @Resilience("2.9")
    void aPutThatCannotEvenBeTakenBackIsCountedUntilItHasBeenLookedFor() throws Exception {
        for (Throwable failure : FAILURES) {
            kit.files.afterDelete = throwing(failure);
            Failpoints.Scope broken = Failpoints.arm(Failpoint.CAS_PUT_AFTER_WRITE_BEFORE_INDEX, "return");
            try {
                assertThatThrownBy(() -> kit.put(50, EvictionClass.AUDIO)).hasMessageContaining("failpoint");
            } finally {
                broken.close();
            }
            kit.files.afterDelete = chunk -> {};
            assertThat(kit.store.stats().usedBytes()).isGreaterThanOrEqualTo(kit.files.sum());
            goesOn(50);
        }
    }

    @Test
    @Resilience("2.9")
    void aRemovalThatFailsLeavesSumsThatAreNotTooLowAndIsMendedByALook() throws Exception {
        for (Throwable failure : FAILURES) {
            kit.files.afterDelete = throwing(failure);
            assertThatThrownBy(() -> kit.store.removeBlocking(List.of(TestingStore.id(3))))
                    .isSameAs(failure);
            kit.files.afterDelete = chunk -> {};
            assertThat(kit.store.stats().usedBytes()).isGreaterThanOrEqualTo(kit.files.sum());
            goesOn(3);
        }
    }

    @Test
    @Resilience("2.9")
    void aWalkWhoseVisitorThrowsEndsAndTheNextOneIsWhole() throws Exception {
        for (Throwable failure : FAILURES) {
            kit.files.onVisit = throwing(failure);
            assertThatThrownBy(() -> kit.store.verifyBlocking(true, () -> false, done -> {}))
                    .isSameAs(failure);
            kit.files.onVisit = chunk -> {};
            goesOn(60);
        }
    }

    @Test
    @Resilience("2.9")
    void anIndexThatFailsAtAnyAccessLosesNoChunkAndHoldsNobodyUp() throws Exception {
        for (int access = 1; access <= 3; access++) {
            int[] left = {access};
            kit.memory.onAccess = () -> {
                if (--left[0] == 0) {
                    throw new IllegalStateException("a defect");
                }
            };
            kit.put(70, EvictionClass.AUDIO);
            kit.store.removeBlocking(List.of(TestingStore.id(70)));
            kit.memory.onAccess = () -> {};
            kit.store.tickBlocking();
            goesOn(70);
            for (int number = 0; number < 10; number++) {
                kit.read(number);
            }
        }
    }

    /** From another thread, with the same chunk; and a look at everything finds or mends all. */
    private void goesOn(int number) throws Exception {
        CompletableFuture.runAsync(() -> {
                    kit.put(number, EvictionClass.AUDIO);
                    kit.read(number);
                    kit.store.verifyBlocking(true, () -> false, done -> {});
                })
                .get(20, TimeUnit.SECONDS);
        kit.assertTrueSums();
        kit.store.removeBlocking(List.of(TestingStore.id(number)));
        kit.assertTrueSums();
        if (number < 10) {
            kit.put(number, EvictionClass.AUDIO);
        }
    }

    private static Consumer<ChunkId> throwing(Throwable failure) {
        return chunk -> {
            throw StoreAmidAChangeTest.<RuntimeException>thrown(failure);
        };
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T thrown(Throwable failure) throws T {
        throw (T) failure;
    }
}
