package dev.musicfs.runtime;

import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Passes failpoints on behalf of event loops, which these must not hold up. */
@Attended(threads = "an armed failpoint, which only tests have; its outcome is the future's")
public final class HeldFailpoint {
    private HeldFailpoint() {}

    /**
     * Done at once while the point is disarmed. An armed one is passed on a thread of its own, which it may keep for as long
     * as it likes, and its outcome comes on {@code context}.
     */
    public static Future<Void> pass(Failpoint point, Context context) {
        if (!Failpoints.isArmed(point)) {
            return Future.succeededFuture();
        }
        Promise<Void> passed = Promise.promise();
        Threads.begin("musicfs-failpoint-" + point.id(), () -> {
            Future<Void> outcome = hit(point);
            context.runOnContext(v -> outcome.onComplete(passed));
        });
        return passed.future();
    }

    private static Future<Void> hit(Failpoint point) {
        try {
            Failpoints.hit(point);
            return Future.succeededFuture();
        } catch (RuntimeException | Error e) { // a failpoint may panic
            return Future.failedFuture(e);
        }
    }
}
