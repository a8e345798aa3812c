package dev.musicfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.Resilience;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallGuardTest {
    private final List<Throwable> defects = new ArrayList<>();
    private final CallGuard guard = new CallGuard(defects::add);

    @Test
    void anAnswerIsPassedOn() {
        assertThat(guard.run(() -> 5)).isEqualTo(5);
        assertThat(defects).isEmpty();
    }

    @Test
    @Resilience("2.2")
    void aDefectAnswersEioAndIsReportedEveryTime() {
        Error defect = new StackOverflowError();
        for (int i = 0; i < 3; i++) {
            assertThat(guard.run(() -> {
                        throw defect;
                    }))
                    .isEqualTo(-5);
        }
        assertThat(defects).containsExactly(defect, defect, defect);
    }

    @Test
    void ofTheFailuresThatHaveAKindOnlyAnInternalOneIsADefect() {
        for (FailureKind kind : FailureKind.values()) {
            assertThat(guard.run(() -> {
                        throw new MusicFsException(kind, "It failed.");
                    }))
                    .isEqualTo(Answers.of(kind).negated());
        }
        assertThat(defects).hasSize(1);
        assertThat(MusicFsException.kindOf(defects.get(0))).isEqualTo(FailureKind.INTERNAL);
    }

    @Test
    @Resilience("2.2")
    void aReportThatFailsDoesNotTakeTheAnswerAway() {
        CallGuard outOfMemory = new CallGuard(defect -> {
            throw new OutOfMemoryError();
        });
        assertThat(outOfMemory.run(() -> {
                    throw new IllegalStateException();
                }))
                .isEqualTo(-5);
    }
}
