package dev.musicfs.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.app.VertxVerticles;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.LifecycleStack;
import dev.musicfs.runtime.Shutdown;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EventLoopsTest {
    @Test
    void everyLoopRunsFromTheStartAndIsWatched() {
        Set<Thread> before = loops();
        AtomicReference<Vertx> watched = new AtomicReference<>();
        LifecycleStack stack = new LifecycleStack();
        Vertx vertx = EventLoops.startBlocking(watched::set, VertxVerticles::new, stack);
        try {
            Set<Thread> begun = loops();
            begun.removeAll(before);
            assertThat(begun).hasSizeGreaterThanOrEqualTo(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE);
            assertThat(vertx).isSameAs(watched.get());
            assertThat(vertx.deploymentIDs()).isEmpty();
        } finally {
            stack.stopBlocking(new Shutdown(Duration.ofSeconds(60), Clock.system()));
        }
    }

    private static Set<Thread> loops() {
        Set<Thread> loops = new HashSet<>(Thread.getAllStackTraces().keySet());
        loops.removeIf(thread -> !thread.getName().startsWith("vert.x-eventloop-thread"));
        return loops;
    }
}
