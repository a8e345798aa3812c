package dev.musicfs.chunk.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.ChunkId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessTimesTest {
    private final AccessTimes uses = new AccessTimes();

    @Test
    void whatWasUsedAgainWhileABatchWasWrittenStays() {
        assertThat(uses.isEmpty()).isTrue();
        uses.note(id(1), 10);
        uses.note(id(2), 20);
        Map<ChunkId, Long> batch = uses.batch();
        assertThat(batch).isEqualTo(Map.of(id(1), 10L, id(2), 20L));
        uses.note(id(2), 30);
        uses.written(batch);
        assertThat(uses.contains(id(1))).isFalse();
        assertThat(uses.contains(id(2))).isTrue();
        assertThat(uses.isEmpty()).isFalse();
        assertThat(uses.batch()).isEqualTo(Map.of(id(2), 30L));
    }

    @Test
    void aBatchIsFullOnceSoManyWait() {
        for (int i = 1; i < AccessTimes.BATCH; i++) {
            assertThat(uses.note(id(i), i)).isFalse();
        }
        assertThat(uses.isBatch()).isFalse();
        uses.note(id(0), 1);
        assertThat(uses.isBatch()).isTrue();
        assertThat(uses.note(id(0), 2)).isTrue();
        uses.note(id(-1), 2);
        assertThat(uses.batch()).hasSize(AccessTimes.BATCH);
    }

    @Test
    void whenTooManyWaitOnlyThoseThatDoAreNotedAgain() {
        for (int i = 0; i < AccessTimes.MOST; i++) {
            uses.note(id(i), 1);
        }
        assertThat(uses.contains(id(AccessTimes.MOST - 1))).isTrue();
        uses.note(id(AccessTimes.MOST), 2);
        assertThat(uses.contains(id(AccessTimes.MOST))).isFalse();
        uses.note(id(0), 2);
        uses.written(Map.of(id(0), 1L));
        assertThat(uses.contains(id(0))).isTrue();
    }

    private static ChunkId id(long number) {
        return new ChunkId(number, 0, 0, 0);
    }
}
