package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.FailpointPanic;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeldFailpointTest {
    private static final Failpoint POINT = Failpoint.SYNC_CHECKPOINT;

    private final Vertx vertx = TestingVertx.start();
    private final Context context = vertx.getOrCreateContext();

    @AfterEach
    void close() throws Exception {
        Failpoints.disarmAll();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void aDisarmedPointIsPassedAtOnceAndOnNoOtherThread() {
        Failpoints.arm(Failpoint.INDEX_COMMIT, "pause");

        Future<Void> passed = HeldFailpoint.pass(POINT, context);

        assertThat(passed.succeeded()).isTrue();
        CompletableFuture<Thread> told = new CompletableFuture<>();
        passed.onComplete(v -> told.complete(Thread.currentThread()));
        assertThat(told).isCompletedWithValue(Thread.currentThread());
    }

    @Test
    void anArmedPointHoldsNobodyAndIsPassedOnceItLetsGo() throws Exception {
        CompletableFuture<Context> told = new CompletableFuture<>();
        try (Failpoints.Scope hang = Failpoints.arm(POINT, "pause")) {
            HeldFailpoint.pass(POINT, context).onComplete(v -> told.complete(Vertx.currentContext()));
            CompletableFuture<Void> turned = new CompletableFuture<>();
            context.runOnContext(v -> turned.complete(null));
            turned.get(30, TimeUnit.SECONDS);
            assertThat(told).as("while %s passes hold", hang.passes()).isNotDone();
        }
        assertThat(told.get(30, TimeUnit.SECONDS)).isSameAs(context);
    }

    @Test
    void whatItThrowsIsTheOutcome() throws Exception {
        Failpoints.arm(POINT, "1*return(TIMEOUT)->1*panic(now)");

        assertThat(MusicFsException.kindOf(failure())).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure()).isInstanceOf(FailpointPanic.class);
        assertThat(failure()).isNull();
    }

    private Throwable failure() throws Exception {
        return HeldFailpoint.pass(POINT, context)
                .<Throwable>mapEmpty()
                .otherwise(e -> e)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }
}
