package dev.musicfs.process;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WatchdogTest {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(Watchdog.class);
    private static final Duration INTERVAL = Duration.ofSeconds(32);
    private static final Duration HALF = Duration.ofSeconds(16);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final ManualTime time = new ManualTime();
    private final List<Long> pings = new ArrayList<>();
    private final List<Promise<Void>> questions = new ArrayList<>();
    private Future<Void> answer = Future.succeededFuture();
    private int asked;

    @BeforeEach
    void listen() {
        log.start();
        LOGGER.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.detachAppender(log);
    }

    @Test
    @Resilience("3.1")
    void feedsAtHalfTheInterval() {
        watch(this::answered).start();
        time.advance(INTERVAL.multipliedBy(2));

        assertThat(pings).containsExactly(0L, 16L, 32L, 48L, 64L);
        assertThat(log.list).isEmpty();
    }

    @Test
    @Resilience("3.1")
    void aFailedProbeWithholdsThePingAndSaysSoOnceAndOnceWhenItIsWell() {
        watch(this::answered).start();
        answer = Future.failedFuture("the tree does not answer");
        time.advance(INTERVAL);

        assertThat(pings).containsExactly(0L);
        assertThat(asked).as("asked again sooner than after half the interval").isGreaterThan(3);
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage()).contains("the tree does not answer");
        });

        answer = Future.succeededFuture();
        time.advance(RETRY);
        assertThat(pings).containsExactly(0L, 34L);
        assertThat(log.list).hasSize(2);
        assertThat(log.list.get(1).getLevel()).isEqualTo(Level.INFO);
        time.advance(HALF);
        assertThat(log.list).hasSize(2);
    }

    @Test
    @Resilience("3.1")
    void aProbeThatHangsWithholdsThePingAndIsNeverStacked() {
        watch(this::unanswered).start();
        time.advance(PATIENCE.minusNanos(1));
        assertThat(log.list).isEmpty();
        time.advance(INTERVAL.multipliedBy(10));

        assertThat(questions).hasSize(1);
        assertThat(pings).isEmpty();
        assertThat(log.list).hasSize(1);
        assertThat(time.pending()).as("timers").isEqualTo(1);
    }

    @Test
    @Resilience("3.1")
    void aLateAnswerFeedsNothingButAnotherProbeMay() {
        watch(this::unanswered).start();
        time.advance(PATIENCE);
        questions.get(0).complete();
        assertThat(pings).isEmpty();

        time.advance(RETRY);
        assertThat(questions).hasSize(2);
        questions.get(1).complete();
        assertThat(pings).containsExactly(7L);
    }

    @Test
    @Resilience("3.1")
    void oneSlowProbeLeavesTimeForAnotherBeforeTheKill() {
        Watchdog watchdog = watch(this::unanswered, INTERVAL);
        watchdog.start();
        questions.get(0).complete();
        // The patience asked for is the whole interval; it gets a quarter.
        time.advance(HALF.plus(INTERVAL.dividedBy(4)));
        questions.get(1).complete();
        time.advance(RETRY);
        questions.get(2).complete();

        assertThat(pings).containsExactly(0L, 26L);
    }

    @Test
    @Resilience("3.1")
    void aProbeThatThrowsIsOneThatFailed() {
        watch(() -> {
                    throw new IllegalStateException("defect");
                })
                .start();
        time.advance(HALF);

        assertThat(pings).isEmpty();
        assertThat(log.list).hasSize(1);
    }

    @Test
    void stoppedItFeedsNothingAndLeavesNoTimer() {
        Watchdog watchdog = watch(this::unanswered);
        watchdog.start();
        watchdog.stop();
        questions.get(0).complete();
        time.advance(INTERVAL);

        assertThat(pings).isEmpty();
        assertThat(questions).hasSize(1);
        assertThat(time.pending()).isZero();
        assertThat(log.list).isEmpty();
    }

    @Test
    @Resilience("3.1")
    void watchesOnlyWhenTheManagerMeansThisProcess() {
        assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "30000000"), 7)).contains(Duration.ofSeconds(30));
        assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "7"), 7))
                .contains(Duration.ofSeconds(30));
        assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "8"), 7))
                .isEmpty();
        assertThat(Watchdog.interval(Map.of(), 7)).isEmpty();
        assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "0"), 7)).isEmpty();
        assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "soon"), 7)).isEmpty();
    }

    @Test
    @Resilience("3.1")
    void startsOnlyWhereTheManagerWatchesThisProcess() {
        Watchdog.startIfWatched(Map.of(), () -> this::answered, () -> pings.add(seconds()), time)
                .run();
        assertThat(asked).isZero();

        Map<String, String> watched = Map.of(
                "WATCHDOG_USEC",
                "32000000",
                "WATCHDOG_PID",
                Long.toString(ProcessHandle.current().pid()));
        Runnable stop = Watchdog.startIfWatched(watched, () -> this::answered, () -> pings.add(seconds()), time);
        time.advance(HALF);
        stop.run();
        time.advance(INTERVAL);
        assertThat(pings).containsExactly(0L, 16L);
    }

    private Watchdog watch(SelfProbe probe) {
        return watch(probe, PATIENCE);
    }

    private Watchdog watch(SelfProbe probe, Duration patience) {
        return new Watchdog(INTERVAL, patience, probe, () -> pings.add(seconds()), time);
    }

    private long seconds() {
        return Duration.ofNanos(time.monotonicNanos()).toSeconds();
    }

    private Future<Void> answered() {
        asked++;
        return answer;
    }

    private Future<Void> unanswered() {
        Promise<Void> question = Promise.promise();
        questions.add(question);
        return question.future();
    }
}
