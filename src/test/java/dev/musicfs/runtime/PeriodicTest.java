package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskState.State;
import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.Resilience;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeriodicTest {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final ManualTime time = new ManualTime();
    private final TaskSupervisor tasks = new TaskSupervisor(time, time, (address, event) -> {});
    private final AtomicInteger times = new AtomicInteger();

    @Test
    void doesItAtOnceAndAgainAfterEachInterval() {
        tasks.supervise("look", Importance.CRITICAL, new Periodic(INTERVAL, times::incrementAndGet, time));
        assertThat(times).hasValue(1);
        time.advance(INTERVAL.multipliedBy(3));
        assertThat(times).hasValue(4);
    }

    @Test
    @Resilience("2.6")
    void dyingItIsBegunAgainAndDoesItAsOftenAsBefore() {
        tasks.supervise(
                "look",
                Importance.CRITICAL,
                new Periodic(
                        INTERVAL,
                        () -> {
                            if (times.incrementAndGet() == 2) {
                                throw new IllegalStateException("no look");
                            }
                        },
                        time));
        time.advance(INTERVAL);
        assertThat(times).as("begun again at once").hasValue(3);
        assertThat(tasks.tasks().get(0).lastError()).contains("no look");
        assertThat(tasks.deaths()).isOne();
        time.advance(INTERVAL.multipliedBy(2));
        assertThat(times).hasValue(5);
    }

    @Test
    void toldToEndItDoesNothingAnyMore() {
        SupervisedTask task =
                tasks.supervise("look", Importance.CRITICAL, new Periodic(INTERVAL, times::incrementAndGet, time));
        assertThat(task.stop().isComplete()).isTrue();
        time.advance(INTERVAL.multipliedBy(3));
        assertThat(times).hasValue(1);
        assertThat(task.state().state()).isEqualTo(State.STOPPED);
        assertThat(time.pending()).isZero();
    }
}
