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

    @Test
    void theWindowOpensBehindTheBlocksOfScansAndWidensFourfoldUpToItsBound() {
        ReadAhead ahead = new ReadAhead(8 << 20);
        BlockPlan plan = BlockPlan.of(FILE_BYTES, AudioLayout.unknown(FILE_BYTES));
        for (int block = 0; block < 5; block++) {
            ahead.read(plan, block, block);
            assertThat(ahead.wants(plan, block + 1)).isFalse();
        }
        for (long window : new long[] {512 << 10, 2 << 20, 8 << 20, 8 << 20}) {
            int last = ahead.next();
            ahead.read(plan, last, last);
            long until = plan.range(last).end() + window;
            assertThat(ahead.wants(plan, last)).isFalse();
            for (int block = last + 1; block < plan.count(); block++) {
                assertThat(ahead.wants(plan, block)).isEqualTo(plan.range(block).offset() < until);
            }
        }
        ahead.stop();
        assertThat(ahead.wants(plan, ahead.next())).isFalse();
    }

    @Test
    void aWindowOfNothingNeverOpens() {
        ReadAhead ahead = new ReadAhead(0);
        BlockPlan plan = BlockPlan.of(FILE_BYTES, AudioLayout.unknown(FILE_BYTES));
        for (int block = 0; block < plan.count(); block++) {
            ahead.read(plan, block, block);
            assertThat(ahead.wants(plan, block + 1)).isFalse();
        }
    }

    @Test
    void aReaderThatSkipsABlockIsASeek() {
        ReadAhead ahead = new ReadAhead(8 << 20);
        BlockPlan plan = BlockPlan.of(FILE_BYTES, AudioLayout.unknown(FILE_BYTES));
        for (int block = 0; block < 6; block++) {
            ahead.read(plan, block, block);
        }
        assertThat(ahead.wants(plan, 6)).isTrue();
        ahead.read(plan, 7, 7);
        assertThat(ahead.wants(plan, 8)).isFalse();
        ahead.read(plan, 8, 9);
        assertThat(ahead.wants(plan, 10)).isTrue();
    }
}
