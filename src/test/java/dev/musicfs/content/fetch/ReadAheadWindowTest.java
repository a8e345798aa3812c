package dev.musicfs.content.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.content.plan.BlockPlan;
import dev.musicfs.model.AudioLayout;
import org.junit.jupiter.api.Test;

class ReadAheadWindowTest {
    private static final int FILE_BYTES = 24 << 20;

    @Test
    void piecesThatTheKernelAsksForOutOfOrderAreNoSeek() {
        ReadAhead ahead = new ReadAhead(8 << 20);
        BlockPlan plan = BlockPlan.of(FILE_BYTES, AudioLayout.unknown(FILE_BYTES));
        for (int block : new int[] {0, 1, 2, 3, 2, 4, 3, 4, 5, 6, 5}) {
            ahead.read(plan, block, block);
        }
        assertThat(ahead.wants(plan, 7)).isTrue();
        ahead.read(plan, 2, 2);
        assertThat(ahead.wants(plan, 3)).isFalse();
        assertThat(ahead.wants(plan, 7)).isFalse();
    }
}
