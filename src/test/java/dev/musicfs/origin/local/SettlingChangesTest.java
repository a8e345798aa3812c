package dev.musicfs.origin.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.RealPath;
import dev.musicfs.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SettlingChangesTest {
    private static final RealPath A = new RealPath("a");
    private static final RealPath B = new RealPath("b");

    private final ManualClock clock = new ManualClock();
    private final SettlingChanges changes = new SettlingChanges(clock, SettlingChanges.SETTLE, SettlingChanges.LONGEST);

    @Test
    void handsOutADirectoryOnceItHasBeenQuiet() {
        changes.changed(A);
        pass(150);
        changes.changed(A);
        changes.changed(B);
        pass(199);
        assertThat(changes.takeDue()).isEmpty();
        assertThat(changes.nanosUntilDue()).isEqualTo(1_000_000);
        pass(1);
        assertThat(changes.takeDue()).containsExactlyInAnyOrder(A, B);
        assertThat(changes.takeDue()).isEmpty();
        assertThat(changes.nanosUntilDue()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void handsOutARestlessDirectoryAfterTwoSecondsAndOnceMoreWhenItIsQuiet() {
        changes.changed(A);
        for (int i = 0; i < 19; i++) {
            pass(100);
            changes.changed(A);
            assertThat(changes.takeDue()).isEmpty();
        }
        pass(100);
        changes.changed(A);
        assertThat(changes.takeDue()).containsExactly(A);
        pass(199);
        assertThat(changes.takeDue()).isEmpty();
        pass(1);
        assertThat(changes.takeDue()).containsExactly(A);
        assertThat(changes.nanosUntilDue()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void forgetsEverythingWhenAsked() {
        changes.changed(A);
        changes.clear();
        pass(500);
        assertThat(changes.takeDue()).isEmpty();
    }

    private void pass(long millis) {
        clock.advance(Duration.ofMillis(millis));
    }
}
