package dev.musicfs.chunk.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.testkit.Resilience;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IndexThreadTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** The store goes on without one, and makes another later. */
    @Test
    @Resilience("5.3")
    void whenTheSystemGivesNoThreadTheIndexIsLostAndNothingElse() {
        IndexThread thread = new IndexThread(ExecutorPools.singleThread(1, task -> new Thread(task) {
            @Override
            public synchronized void start() {
                throw new OutOfMemoryError("unable to create native thread");
            }
        }));
        assertThatThrownBy(() -> thread.call(() -> 1, LONG))
                .isInstanceOf(IndexLostException.class)
                .hasMessageContaining("no thread");
        assertThatThrownBy(() -> thread.call(() -> 1, LONG)).isInstanceOf(IndexLostException.class);
    }

    @Test
    void aCallThatFailsEndsIt() throws IndexLostException {
        IndexThread thread = new IndexThread();
        assertThat(thread.call(() -> 1, LONG)).isOne();
        assertThatThrownBy(() -> thread.call(
                        () -> {
                            throw new IllegalStateException("a defect");
                        },
                        LONG))
                .isInstanceOf(IndexLostException.class);
        assertThatThrownBy(() -> thread.call(() -> 1, LONG)).isInstanceOf(IndexLostException.class);
    }
}
