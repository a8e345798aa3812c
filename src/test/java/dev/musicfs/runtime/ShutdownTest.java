package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.Resilience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    private final List<String> done = new ArrayList<>();

    @Test
    @Resilience("2.3")
    void phasesRunOneAfterAnotherAndAFailureStopsNoOther() {
        Shutdown end = new Shutdown(Duration.ofMinutes(1), Clock.system());
        end.phase("first", patience -> done.add("first"));
        end.phase("failing", patience -> {
            throw new IllegalStateException("a defect");
        });
        end.phase("broken", patience -> {
            throw new StackOverflowError();
        });
        end.phase("last", patience -> done.add("last"));
        assertThat(done).containsExactly("first", "last");
    }

    @Test
    @Resilience("2.3")
    void aPhaseThatHangsIsLeftBehindAndThoseAfterItRun() {
        CountDownLatch never = new CountDownLatch(1);
        Shutdown end = new Shutdown(Duration.ofMillis(200), Clock.system());
        try {
            end.phase("hanging", patience -> awaitUninterruptibly(never));
            end.phase("last", patience -> done.add("last"));
            assertThat(done).containsExactly("last");
        } finally {
            never.countDown();
        }
    }

    @Test
    @Resilience("2.3")
    void noPhaseGetsMoreThanHalfOfWhatIsLeft() {
        List<Duration> given = new ArrayList<>();
        ManualTime time = new ManualTime();
        Shutdown end = new Shutdown(Duration.ofMinutes(1), time);
        end.phase("first", patience -> {
            given.add(patience);
            time.advance(Duration.ofSeconds(20));
        });
        end.phase("second", given::add);
        assertThat(given).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(20));
    }

    @Test
    @Resilience("2.3")
    void whatMustNotBeLeftBehindGetsItsTimeAlsoWhenNoneIsLeft() {
        List<Duration> given = new ArrayList<>();
        Shutdown end = new Shutdown(Duration.ZERO, Clock.system());
        end.phase("the mount", Duration.ofSeconds(2), given::add);
        assertThat(given).containsExactly(Duration.ofSeconds(2));
        Shutdown early = new Shutdown(Duration.ofMinutes(1), Clock.system());
        early.phase("the mount", Duration.ofSeconds(2), given::add);
        assertThat(given.get(1)).isGreaterThan(Duration.ofSeconds(2));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean over = false;
        while (!over) {
            try {
                latch.await();
                over = true;
            } catch (InterruptedException e) {
                over = false;
            }
        }
    }
}
