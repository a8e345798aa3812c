package dev.musicfs.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.doctor.Finding.Verdict;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Threads;
import dev.musicfs.testkit.Resilience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DoctorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    @Resilience("5.3")
    void aCheckThatGetsNoThreadIsToldAsNotMadeAndTheOthersAreMade() {
        Doctor doctor = new Doctor(PATIENCE, (name, work) -> {
            if (name.endsWith("-second")) {
                throw noThread();
            }
            Threads.begin(name, work);
        });
        List<Finding> found = doctor.examineBlocking(List.of(check("first"), check("second"), check("third")));
        assertThat(found).extracting(Finding::check).containsExactly("first", "second", "third");
        assertThat(found).extracting(Finding::verdict).containsExactly(Verdict.OK, Verdict.BROKEN, Verdict.OK);
        assertThat(found.get(1).text()).contains("not looked at", "there is none");
        assertThat(found.get(1).remedy()).isPresent();
    }

    @Test
    void anAnswerOrAFailureThatComesInTimeIsHandedOn() {
        Doctor doctor = new Doctor(PATIENCE);
        assertThat(doctor.askBlocking("sum", () -> 4)).contains(4);
        assertThatThrownBy(() -> doctor.askBlocking("sum", () -> {
                    throw new MusicFsException(FailureKind.NOT_FOUND, "no such file");
                }))
                .isInstanceOf(MusicFsException.class)
                .hasMessage("no such file");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aQuestionThatHangsHasNoAnswer() {
        CountDownLatch never = new CountDownLatch(1);
        try {
            assertThat(new Doctor(SHORT).askBlocking("hung", () -> {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return 4;
                    }))
                    .isEmpty();
        } finally {
            never.countDown();
        }
    }

    @Test
    void withoutAThreadAQuestionIsAskedInTheCallersOwn() {
        Doctor doctor = new Doctor(PATIENCE, (name, work) -> {
            throw noThread();
        });
        assertThat(doctor.askBlocking("me", Thread::currentThread)).contains(Thread.currentThread());
    }

    private static Check check(String name) {
        return Check.of(name, () -> Finding.ok(name, "It is well."));
    }

    private static MusicFsException noThread() {
        return new MusicFsException(FailureKind.UNAVAILABLE, "there is none");
    }
}
