package dev.musicfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

class DroppedFuturesTest {
    @SuppressWarnings("unused")
    private static final class Sample {
        private Future<Void> fails() {
            return Future.failedFuture("always");
        }

        void popped() {
            fails();
        }

        void poppedWithSuccessOnly() {
            fails().onSuccess(v -> {});
        }

        void poppedByALambda() {
            run(() -> fails());
        }

        void lostByAReference() {
            run(this::fails);
        }

        void putAway() {
            var unused = fails();
        }

        Future<Void> givenOn() {
            return fails();
        }

        void toldOfFailure() {
            fails().onFailure(e -> {});
        }

        void toldOfFailureAndSuccess() {
            fails().onFailure(e -> {}).onSuccess(v -> {});
        }

        boolean read() {
            Future<Void> used = fails();
            return used.failed();
        }

        private static void run(Runnable task) {
            task.run();
        }
    }

    @Test
    void findsEveryWayOfDroppingAndNoOther() {
        assertThat(DroppedFutures.in(new ClassFileImporter().importClass(Sample.class)))
                .containsExactlyInAnyOrder(
                        "DroppedFuturesTest#popped",
                        "DroppedFuturesTest#poppedWithSuccessOnly",
                        "DroppedFuturesTest#poppedByALambda",
                        "DroppedFuturesTest#lostByAReference",
                        "DroppedFuturesTest#putAway");
    }
}
