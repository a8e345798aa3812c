package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.testkit.Resilience;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
    private final SerialExecutor turns = new SerialExecutor();
    private final List<String> ran = new ArrayList<>();

    @Test
    void whatComesInATurnHasItsOwnAfterIt() {
        turns.execute(() -> {
            turns.execute(() -> ran.add("second"));
            ran.add("first");
        });
        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    @Resilience("2.9")
    void aTurnThatThrowsTakesNobodyTheirs() {
        Throwable defect = new IllegalStateException("a defect");
        assertThatThrownBy(() -> turns.execute(() -> {
                    turns.execute(() -> ran.add("waited"));
                    throw (IllegalStateException) defect;
                }))
                .isSameAs(defect);
        turns.execute(() -> ran.add("came later"));
        assertThat(ran).containsExactly("waited", "came later");
    }
}
