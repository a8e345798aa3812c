package dev.musicfs.chunk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.StoreState;
import dev.musicfs.chunk.ledger.SpaceLimit;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.Resilience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk with room for more bytes than files. */
class FewFilesTest {
    private static final long MUCH = 1L << 30;

    @TempDir
    Path dir;

    @Test
    @Resilience({"2.8", "6.6"})
    void passesThroughTheWatermarksByFilesAndEvictsWhatWasNotUsedLongest() {
        TestingStore kit = started(100 + SpaceLimit.SPARE_FILES);
        kit.put(0, 89, EvictionClass.AUDIO);
        look(kit);
        assertThat(kit.store.state()).isEqualTo(StoreState.NORMAL);
        kit.put(89, 99, EvictionClass.AUDIO);
        kit.inodes = OptionalLong.of(99 + SpaceLimit.SPARE_FILES);
        kit.store.tickBlocking();

        assertThat(kit.store.stats().evictions()).isEqualTo(12);
        assertThat(kit.has(0)).isFalse();
        assertThat(kit.has(98)).isTrue();
        assertThat(kit.store.state()).isEqualTo(StoreState.NORMAL);
        kit.assertTrueSums();
    }

    /** Somebody else has taken them all. */
    @Test
    @Resilience({"2.8", "6.6"})
    void withoutAnyItIsFullAndWrittenAgainWhenThereAreSome() {
        TestingStore kit = started(0);
        assertThat(kit.store.state()).isEqualTo(StoreState.FULL);
        assertThatThrownBy(() -> kit.put(0, EvictionClass.AUDIO))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.NO_SPACE));

        kit.inodes = OptionalLong.of(1_000);
        look(kit);
        assertThat(kit.store.state()).isEqualTo(StoreState.NORMAL);
        kit.put(0, EvictionClass.AUDIO);
        kit.read(0);
    }

    /** A few small pictures say nothing of how large the next thousand chunks are. */
    @Test
    void withManyItMayHoldWhatItsSizeAllows() {
        TestingStore kit = started(1_000_000);
        kit.put(0, 3, EvictionClass.TAGS);
        look(kit);
        assertThat(kit.store.stats().limitBytes()).isEqualTo(MUCH);
    }

    private TestingStore started(long inodes) {
        TestingStore kit = new TestingStore(dir, MUCH, 0);
        kit.inodes = OptionalLong.of(inodes);
        kit.start();
        kit.store.tickBlocking();
        return kit;
    }

    private static void look(TestingStore kit) {
        kit.clock.advance(Duration.ofSeconds(2));
        kit.store.tickBlocking();
    }
}
