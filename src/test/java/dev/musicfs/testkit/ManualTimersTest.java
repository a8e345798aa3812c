package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ManualTimersTest {
    private final ManualTimers timers = new ManualTimers();
    private final List<String> ran = new ArrayList<>();

    @Test
    void goOffInTheOrderOfTheirTimesAndOnce() {
        timers.after(Duration.ofMillis(20), () -> ran.add("second"));
        timers.after(Duration.ofMillis(10), () -> ran.add("first"));
        timers.after(Duration.ofMillis(20), () -> ran.add("third"));

        timers.advance(Duration.ofMillis(9));
        assertThat(ran).isEmpty();
        timers.advance(Duration.ofMillis(11));
        timers.advance(Duration.ofHours(1));

        assertThat(ran).containsExactly("first", "second", "third");
        assertThat(timers.pending()).isZero();
    }

    @Test
    void timersOfTimersCountFromTheTimeTheyWereMade() {
        timers.after(Duration.ofMillis(10), () -> timers.after(Duration.ofMillis(10), () -> ran.add("again")));

        timers.advance(Duration.ofMillis(19));
        assertThat(ran).isEmpty();
        assertThat(timers.pending()).isOne();
        timers.advance(Duration.ofMillis(1));
        assertThat(ran).containsExactly("again");
    }
}
