package dev.musicfs.chunk.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.chunk.index.IndexEntry;
import dev.musicfs.model.ChunkId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvictionCandidatesTest {
    private static final long NOW = Duration.ofDays(20_000).toNanos();
    private static final long DAY = Duration.ofDays(1).toNanos();

    private final EvictionCandidates candidates = new EvictionCandidates(3, NOW);

    @Test
    void keepsTheLeastRecentlyUsedColdestFirst() {
        offer(50, 20, 40, 10, 30);
        assertThat(kept()).containsExactly(10L, 20L, 30L);
    }

    @Test
    void ofThoseUsedAtTheSameTimeTheFirstStay() {
        offer(10, 20, 30);
        candidates.offer(new ChunkId(99, 0, 0, 0), used(30));
        assertThat(candidates.coldestFirst())
                .extracting(cold -> cold.chunk().word0())
                .containsExactly(10L, 20L, 30L);
    }

    @Test
    void whatWasUsedMoreThanADayAheadIsColderThanAllElse() {
        offer(10, NOW + DAY, NOW + DAY + 1, 20, 30);
        assertThat(kept()).containsExactly(NOW + DAY + 1, 10L, 20L);
        EvictionCandidates more = new EvictionCandidates(2, NOW);
        more.offer(new ChunkId(1, 0, 0, 0), used(NOW + DAY));
        more.offer(new ChunkId(2, 0, 0, 0), used(NOW));
        assertThat(more.coldestFirst()).extracting(cold -> cold.chunk().word0()).containsExactly(2L, 1L);
    }

    private void offer(long... uses) {
        for (long use : uses) {
            candidates.offer(new ChunkId(use, 0, 0, 0), used(use));
        }
    }

    private List<Long> kept() {
        return candidates.coldestFirst().stream()
                .map(cold -> cold.entry().lastUseNanos())
                .toList();
    }

    private static IndexEntry used(long nanos) {
        return new IndexEntry(100, EvictionClass.AUDIO, false, nanos, 1);
    }
}
