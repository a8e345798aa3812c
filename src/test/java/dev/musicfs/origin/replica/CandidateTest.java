package dev.musicfs.origin.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.guard.BreakerState;
import dev.musicfs.origin.guard.OriginSnapshot;
import dev.musicfs.testkit.MemoryOrigin;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of two copies is asked first. */
class CandidateTest {
    private static final OriginId NAS = new OriginId("nas");

    /** Each has one thing against it, and everything that weighs less speaks for it. */
    @Test
    void theWeightiestReasonDecides() {
        List<Candidate> bestFirst = List.of(
                candidate(true, false, true, 1, 0, 5),
                candidate(true, false, true, 1, 100, 4),
                candidate(true, false, true, 2, 0, 3),
                candidate(true, false, false, 1, 0, 2),
                candidate(true, true, true, 1, 0, 1),
                candidate(false, false, true, 1, 0, 0));
        for (int worse = 1; worse < bestFirst.size(); worse++) {
            for (int better = 0; better < worse; better++) {
                assertThat(Stream.of(bestFirst.get(worse), bestFirst.get(better))
                                .sorted(Candidate.PREFERENCE))
                        .containsExactly(bestFirst.get(better), bestFirst.get(worse));
            }
        }
    }

    @Test
    void ofTwoThatAreAlikeTheFirstInTheConfigurationIsAsked() {
        Candidate one = candidate(true, false, true, 1, 40, 0);
        Candidate other = candidate(true, false, true, 1, 40, 1);
        assertThat(Stream.of(other, one).sorted(Candidate.PREFERENCE)).containsExactly(one, other);
    }

    @ParameterizedTest
    @CsvSource({"0, 31, 0", "31, 32, -1", "32, 63, 0", "63, 64, -1", "64, 127, 0", "127, 128, -1", "10000, 100, 1"})
    void latenciesDifferOnlyWhenTheyAreOfAnotherMagnitude(int one, int other, int expected) {
        int order = Candidate.PREFERENCE.compare(
                candidate(true, false, true, 1, one, 0), candidate(true, false, true, 1, other, 0));
        assertThat(Integer.signum(order)).isEqualTo(expected);
    }

    private static Candidate candidate(
            boolean usable, boolean suspect, boolean healthy, int priority, int latencyMillis, int position) {
        OriginSnapshot snapshot = new OriginSnapshot(
                NAS,
                true,
                healthy,
                usable ? BreakerState.CLOSED : BreakerState.OPEN,
                0,
                Duration.ofMillis(latencyMillis),
                "");
        Copy copy = Copy.whole(NAS, new RealPath("a"), new FileVersion(10, 1, ""));
        ReplicaOrigin origin = new ReplicaOrigin(new MemoryOrigin("nas"), () -> snapshot, priority);
        return new Candidate(copy, origin, snapshot, suspect, position);
    }
}
