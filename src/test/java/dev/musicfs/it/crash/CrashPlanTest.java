package dev.musicfs.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.it.CrashLoopIT;
import dev.musicfs.it.crash.CrashPlan.Phase;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CrashPlanTest {
    @Test
    void everyFailpointIsInOneOfTheTwoLoops() {
        assertThat(Stream.concat(CrashPlan.points().stream().map(Failpoint::id), CrashLoopIT.points().stream()))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Failpoint.values()).map(Failpoint::id).toList());
    }

    @Test
    void aSeedGivesTheSamePlanAgain() {
        for (Phase phase : Phase.values()) {
            for (Optional<Failpoint> point : phase.shuffled(new Random(1))) {
                CrashPlan plan = CrashPlan.random(phase, point, new Random(7));
                assertThat(plan).isEqualTo(CrashPlan.random(phase, point, new Random(7)));
                assertThat(plan.environment().isEmpty()).isEqualTo(point.isEmpty());
                assertThat(plan.share()).isBetween(0.0, 1.0);
            }
            assertThat(phase.shuffled(new Random(3))).isEqualTo(phase.shuffled(new Random(3)));
        }
    }
}
