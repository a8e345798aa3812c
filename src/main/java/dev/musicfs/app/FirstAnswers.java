package dev.musicfs.app;

import dev.musicfs.failure.Dropped;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.guard.Health;
import io.vertx.core.Future;
import java.io.PrintStream;
import java.util.Map;

/**
 * Says once, when all origins have answered their first probe or failed to, which of them cannot be had and why. Who
 * started the daemon reads it: that a mount serves says nothing of what is behind it.
 */
final class FirstAnswers {
    private final Health health;
    private final int origins;
    private final PrintStream out;
    private final Runnable incomplete;

    /**
     * Says nothing yet.
     *
     * @param origins how many there are
     * @param incomplete run, on any thread and without blocking, after it was said that some do not answer
     */
    FirstAnswers(Health health, int origins, PrintStream out, Runnable incomplete) {
        this.health = health;
        this.origins = origins;
        this.out = out;
        this.incomplete = incomplete;
    }

    /** Says it as soon as it is known; does not block. */
    @Dropped("neither fails: what is not known yet is said later")
    void sayWhenKnown() {
        Future<Map<OriginId, String>> failing = health.settled().compose(known -> health.failing());
        var unused = failing.onSuccess(this::say);
    }

    private void say(Map<OriginId, String> failing) {
        failing.forEach((id, why) -> out.println("musicfs: warning: origin " + id + " cannot be had, " + why.strip()));
        out.println("musicfs: " + (origins - failing.size()) + " of " + origins + " origins answer");
        if (!failing.isEmpty()) {
            incomplete.run();
        }
    }
}
