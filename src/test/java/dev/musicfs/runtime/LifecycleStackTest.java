package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.Resilience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleStackTest {
    private final List<String> stopped = Collections.synchronizedList(new ArrayList<>());
    private final LifecycleStack stack = new LifecycleStack();

    @Test
    @Resilience("2.3")
    void stopsInTheReverseOrder() {
        push(stack, "catalog");
        push(stack, "store");
        push(stack, "mount");
        stop();
        assertThat(stopped).containsExactly("mount", "store", "catalog");
    }

    @Test
    @Resilience("2.3")
    void whatIsStartedLaterStopsWhereItsSectionStands() {
        push(stack, "catalog");
        LifecycleStack base = stack.section();
        push(stack, "mount");
        LifecycleStack changes = stack.section();
        push(changes, "tree");
        push(base, "origins");
        push(changes, "scan");
        push(base, "store");
        stop();
        assertThat(stopped).containsExactly("scan", "tree", "mount", "store", "origins", "catalog");
    }

    @Test
    @Resilience("2.3")
    void oneThatFailsStopsNoOther() {
        push(stack, "catalog");
        stack.push("store", patience -> {
            throw new IllegalStateException("of the test");
        });
        push(stack, "mount");
        stop();
        assertThat(stopped).containsExactly("mount", "catalog");
    }

    @Test
    void eachIsStoppedOnce() {
        push(stack, "catalog");
        stop();
        stop();
        assertThat(stopped).containsExactly("catalog");
    }

    @Test
    void oneIsGivenItsLeastWhenNothingIsLeft() {
        List<Duration> given = Collections.synchronizedList(new ArrayList<>());
        stack.push("mount", Duration.ofSeconds(2), given::add);
        stack.stopBlocking(new Shutdown(Duration.ZERO, new ManualTime()));
        assertThat(given).containsExactly(Duration.ofSeconds(2));
    }

    private void push(LifecycleStack to, String name) {
        to.push(name, patience -> stopped.add(name));
    }

    private void stop() {
        stack.stopBlocking(new Shutdown(Duration.ofMinutes(1), new ManualTime()));
    }
}
