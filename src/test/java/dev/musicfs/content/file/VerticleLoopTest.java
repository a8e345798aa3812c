package dev.musicfs.content.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VerticleLoopTest {
    private final VerticleLoop loop = new VerticleLoop();
    private final CompletableFuture<Thread> verticle = new CompletableFuture<>();

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        assertThat(loop.isStarted()).isFalse();
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(IllegalStateException.class);
        vertx.deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        loop.started(context);
                        verticle.complete(Thread.currentThread());
                        return Future.succeededFuture();
                    }
                })
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    @Test
    void tasksAndTimersRunOnTheVerticlesThread() throws Exception {
        CompletableFuture<Thread> task = new CompletableFuture<>();
        CompletableFuture<Thread> entered = new CompletableFuture<>();
        CompletableFuture<Thread> timer = new CompletableFuture<>();
        loop.execute(() -> task.complete(Thread.currentThread()));
        loop.enter(() -> entered.complete(Thread.currentThread()));
        var unused = loop.after(Duration.ofMillis(1), () -> timer.complete(Thread.currentThread()));
        assertThat(List.of(get(task), get(entered), get(timer))).containsOnly(get(verticle));
    }

    @Test
    void onTheLoopEnteringRunsAtOnceAndExecutingAfterwards() throws Exception {
        CompletableFuture<List<String>> done = new CompletableFuture<>();
        List<String> order = new ArrayList<>();
        loop.execute(() -> {
            loop.execute(() -> {
                order.add("executed");
                done.complete(order);
            });
            loop.enter(() -> order.add("entered"));
            order.add("given");
        });
        assertThat(get(done)).containsExactly("entered", "given", "executed");
    }

    @Test
    void aTimerThatIsCalledOffDoesNotRun() throws Exception {
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        loop.execute(() -> {
            Runnable callOff = loop.after(Duration.ofMillis(1), () -> ran.complete(true));
            callOff.run();
            var unused = loop.after(Duration.ofMillis(5), () -> ran.complete(false));
        });
        assertThat(get(ran)).isFalse();
    }
}
