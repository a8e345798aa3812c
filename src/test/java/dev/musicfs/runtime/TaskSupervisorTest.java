package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskState.State;
import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class TaskSupervisorTest {
    private final ManualTime time = new ManualTime();
    private final List<String> events = new ArrayList<>();
    private final TaskSupervisor supervisor = new TaskSupervisor(time, time, (address, event) -> {
        TaskChanged changed = (TaskChanged) event;
        events.add(changed.task() + " " + changed.state() + " " + changed.restarts() + " " + changed.error());
    });

    /** A body whose every run a test ends by hand. */
    private static final class Runs implements TaskBody {
        private final List<Promise<Void>> all = new ArrayList<>();

        @Override
        public Future<Void> run(TaskHandle handle) {
            Promise<Void> run = Promise.promise();
            all.add(run);
            return run.future();
        }

        void die() {
            all.get(all.size() - 1).fail("boom");
        }
    }

    @Test
    @Resilience("2.6")
    void aCriticalTaskThatDiesIsStartedAtOnceThenAfterOneFiveAndThirtySeconds() {
        Runs runs = new Runs();
        supervisor.supervise("loop", Importance.CRITICAL, runs);
        for (int delay : new int[] {0, 1, 5, 30, 30}) {
            int before = runs.all.size();
            runs.die();
            assertThat(only().state()).isEqualTo(State.WAITING);
            assertThat(time.isPendingIn(seconds(delay))).isTrue();
            time.advance(seconds(delay));
            assertThat(runs.all).hasSize(before + 1);
            assertThat(only().state()).isEqualTo(State.RUNNING);
        }
        assertThat(only().restarts()).isEqualTo(5);
    }

    @Test
    @Resilience("2.6")
    void aCriticalTaskThatDiesASixthTimeInARowIsGivenUpAndReported() {
        supervisor.supervise("loop", Importance.CRITICAL, handle -> {
            throw new IllegalStateException("no way");
        });
        assertThat(supervisor.criticalAlive()).isTrue();
        time.advance(seconds(66));

        assertThat(only().state()).isEqualTo(State.FAILED);
        assertThat(only().lastError()).contains("no way");
        assertThat(supervisor.criticalAlive()).isFalse();
        assertThat(events).hasSize(12).endsWith("loop FAILED 5 no way");
        assertThat(time.pending()).isZero();
    }

    @Test
    @Resilience("2.6")
    void aTaskThatStaysUpForAMinuteIsStartedAtOnceAgain() {
        Runs runs = new Runs();
        supervisor.supervise("loop", Importance.CRITICAL, runs);
        for (int i = 0; i < 10; i++) {
            time.advance(seconds(60));
            assertThat(only().restarts()).isZero();
            runs.die();
            time.advance(Duration.ZERO);
            assertThat(only().restarts()).isOne();
        }
        time.advance(seconds(59));
        runs.die();
        assertThat(time.isPendingIn(seconds(1))).isTrue();
    }

    @Test
    @Resilience("2.6")
    void anOptionalTaskThatDiesIsLeft() {
        Runs runs = new Runs();
        supervisor.supervise("extra", Importance.OPTIONAL, runs);
        runs.die();
        time.advance(seconds(100));
        assertThat(runs.all).hasSize(1);
        assertThat(supervisor.criticalAlive()).isTrue();
        assertThat(events).containsExactly("extra RUNNING 0 ", "extra FAILED 0 boom");
    }

    /** None of them was begun, so none of them died. */
    @Test
    @Resilience({"2.6", "5.3"})
    void whatTheSystemGivesNoThreadForIsTriedForAsLongAsThatLasts() {
        Runs runs = new Runs();
        AtomicBoolean refusing = new AtomicBoolean(true);
        TaskBody refused = handle -> {
            if (refusing.get()) {
                throw new MusicFsException(
                        FailureKind.UNAVAILABLE, "The system gives no thread.", new OutOfMemoryError("no thread"));
            }
            return runs.run(handle);
        };
        supervisor.supervise("critical", Importance.CRITICAL, refused);
        supervisor.supervise("optional", Importance.OPTIONAL, refused);
        time.advance(seconds(600));
        assertThat(supervisor.tasks()).extracting(TaskState::state).containsOnly(State.WAITING);
        assertThat(supervisor.tasks())
                .allSatisfy(task -> assertThat(task.lastError()).contains("The system gives no thread."));
        assertThat(supervisor.criticalAlive()).isTrue();
        assertThat(supervisor.deaths()).isZero();

        refusing.set(false);
        time.advance(seconds(10));
        assertThat(supervisor.tasks()).extracting(TaskState::state).containsOnly(State.RUNNING);
        assertThat(runs.all).hasSize(2);
        runs.all.get(0).fail("boom");
        assertThat(time.isPendingIn(Duration.ZERO)).as("its first death").isTrue();
    }

    @Test
    void aTaskThatFinishesIsNotStartedAgain() {
        Runs runs = new Runs();
        supervisor.supervise("once", Importance.CRITICAL, runs);
        runs.all.get(0).complete();
        assertThat(time.pending()).isZero();
        assertThat(only().state()).isEqualTo(State.FINISHED);
        assertThat(supervisor.criticalAlive()).isTrue();
    }

    @Test
    @Resilience("5.6")
    void aJumpOfTheClockMakesNoTaskRecoverOrWaitLonger() {
        Runs runs = new Runs();
        supervisor.supervise("loop", Importance.CRITICAL, runs);
        runs.die();
        time.advance(Duration.ZERO);
        for (int delay : new int[] {1, 5}) {
            time.jump(Duration.ofDays(delay == 1 ? 3652 : -7304));
            runs.die();
            assertThat(time.isPendingIn(seconds(delay))).isTrue();
            time.jump(Duration.ofDays(-3652));
            time.advance(seconds(delay));
            assertThat(only().state()).isEqualTo(State.RUNNING);
        }
    }

    @Test
    @Resilience("2.9")
    void aListenerThatThrowsKeepsNoTaskFromBeingBegunBegunAgainOrEnded() {
        TaskSupervisor deaf = new TaskSupervisor(time, time, (address, event) -> {
            throw new IllegalStateException("deaf");
        });
        Runs runs = new Runs();
        SupervisedTask task = deaf.supervise("loop", Importance.CRITICAL, runs);
        assertThat(runs.all).hasSize(1);
        runs.die();
        time.advance(Duration.ZERO);
        assertThat(runs.all).hasSize(2);
        Future<Void> stopped = deaf.stop();
        runs.all.get(1).complete();
        assertThat(stopped.succeeded()).isTrue();
        assertThat(task.state().state()).isEqualTo(State.STOPPED);
    }

    @Test
    void stopsOneAfterAnotherTheLastFirst() {
        List<String> asked = new ArrayList<>();
        List<Promise<Void>> ends = new ArrayList<>();
        for (String name : List.of("first", "second")) {
            supervisor.supervise(name, Importance.CRITICAL, handle -> {
                Promise<Void> end = Promise.promise();
                handle.stopRequested().onSuccess(v -> {
                    asked.add(name);
                    ends.add(end);
                });
                return end.future();
            });
        }
        Future<Void> stopped = supervisor.stop();
        assertThat(asked).containsExactly("second");
        ends.get(0).complete();
        assertThat(asked).containsExactly("second", "first");
        assertThat(stopped.isComplete()).isFalse();
        ends.get(1).fail("on the way out");
        assertThat(stopped.succeeded()).isTrue();
        assertThat(supervisor.stop()).isSameAs(stopped);
        assertThat(supervisor.tasks()).extracting(TaskState::state).containsOnly(State.STOPPED);
        assertThat(time.pending()).isZero();
    }

    @Test
    void startsNothingOnceItIsStopped() {
        Runs waiting = new Runs();
        Runs dying = new Runs();
        supervisor.supervise("waiting", Importance.CRITICAL, waiting);
        waiting.die();
        supervisor.supervise("dying", Importance.CRITICAL, dying);
        supervisor.supervise("stubborn", Importance.OPTIONAL, new Runs());

        Future<Void> stopped = supervisor.stop();
        dying.die();
        supervisor.supervise("late", Importance.CRITICAL, waiting);
        time.advance(seconds(4));
        assertThat(stopped.isComplete()).isFalse();
        time.advance(seconds(2));

        assertThat(stopped.succeeded()).isTrue();
        assertThat(waiting.all).hasSize(1);
        assertThat(dying.all).hasSize(1);
        assertThat(time.pending()).isZero();
    }

    private TaskState only() {
        return supervisor.tasks().get(0);
    }

    private static Duration seconds(long count) {
        return Duration.ofSeconds(count);
    }
}
