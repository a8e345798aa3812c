package dev.musicfs.content.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.testkit.ManualClock;
import dev.musicfs.testkit.Resilience;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private final TestingLoop loop = new TestingLoop(new ManualClock());
    private final Counters counters = new Counters();
    private final Budget budget = new Budget(100, loop, new IdleBlocks(), counters, () -> {});
    private final List<String> granted = new ArrayList<>();

    @Test
    @Resilience("2.9")
    void aReaderThatThrowsWhenItIsGrantedItsMemoryTakesNobodyElsesAway() {
        assertThat(budget.claim(new Budget.Claim(new Budget.Share(), 100, () -> granted.add("first"))))
                .isTrue();
        budget.claim(new Budget.Claim(new Budget.Share(), 40, () -> {
            throw new IllegalStateException("a defect");
        }));
        budget.claim(new Budget.Claim(new Budget.Share(), 30, () -> granted.add("third")));
        budget.claim(new Budget.Claim(new Budget.Share(), 30, () -> granted.add("fourth")));
        budget.release(100);
        assertThatThrownBy(loop::run).hasMessage("a defect");
        assertThat(granted).containsExactly("first", "third", "fourth");
        assertThat(counters.waiting).hasValue(0);

        budget.claim(new Budget.Claim(new Budget.Share(), 60, () -> granted.add("fifth")));
        budget.release(60);
        loop.run();
        assertThat(granted).endsWith("fifth");
        assertThat(counters.heldBytes).hasValue(100);
    }
}
