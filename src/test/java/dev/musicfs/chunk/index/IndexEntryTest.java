package dev.musicfs.chunk.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.EvictionClass;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IndexEntryTest {
    private static final long DAY = Duration.ofDays(1).toNanos();
    private static final IndexEntry ENTRY = new IndexEntry(100, EvictionClass.AUDIO, true, 10 * DAY, 7);

    @Test
    void theLaterOfTwoUsesIsKept() {
        assertThat(ENTRY.usedAt(10 * DAY + 1)).isEqualTo(used(10 * DAY + 1));
        assertThat(ENTRY.usedAt(10 * DAY - 1)).isEqualTo(ENTRY);
    }

    @Test
    void aUseMoreThanADayAheadWasNotedByAClockThatWasWrong() {
        assertThat(ENTRY.isAheadOf(9 * DAY)).isFalse();
        assertThat(ENTRY.usedAt(9 * DAY)).isEqualTo(ENTRY);
        assertThat(ENTRY.isAheadOf(9 * DAY - 1)).isTrue();
        assertThat(ENTRY.usedAt(9 * DAY - 1)).isEqualTo(used(9 * DAY - 1));
    }

    @Test
    void eachChangeChangesOneThing() {
        assertThat(ENTRY.withFileBytes(1)).isEqualTo(new IndexEntry(1, EvictionClass.AUDIO, true, 10 * DAY, 7));
        assertThat(ENTRY.withEvictionClass(EvictionClass.TAGS))
                .isEqualTo(new IndexEntry(100, EvictionClass.TAGS, true, 10 * DAY, 7));
        assertThat(ENTRY.withPinned(false)).isEqualTo(new IndexEntry(100, EvictionClass.AUDIO, false, 10 * DAY, 7));
        assertThat(ENTRY.withRound(8)).isEqualTo(new IndexEntry(100, EvictionClass.AUDIO, true, 10 * DAY, 8));
    }

    private static IndexEntry used(long nanos) {
        return new IndexEntry(100, EvictionClass.AUDIO, true, nanos, 7);
    }
}
