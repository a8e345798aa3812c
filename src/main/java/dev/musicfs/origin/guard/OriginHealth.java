package dev.musicfs.origin.guard;

import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.EventAddresses;
import dev.musicfs.runtime.Events;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the probes of one origin say about it. Not for more than one thread at a time. */
final class OriginHealth {
    private final GuardedOrigin guard;
    private final Clock clock;
    private final Events events;
    private HealthState state = HealthState.UP;
    private int failures;
    private long sinceNanos;
    private long refusalsBefore;
    private String why = "";

    OriginHealth(GuardedOrigin guard, Clock clock, Events events) {
        this.guard = guard;
        this.clock = clock;
        this.events = events;
        this.sinceNanos = clock.monotonicNanos();
    }

    OriginId id() {
        return guard.id();
    }

    GuardedOrigin guard() {
        return guard;
    }

    HealthState state() {
        return state;
    }

    /** Whether it may be asked for something: a dead name service does not hinder who has an address. */
    boolean reachable() {
        return state == HealthState.UP
                || (state == HealthState.NAMES && guard.snapshot().usable());
    }

    /** Whether it failed, but not often enough for it to be ill. */
    boolean suspected() {
        return state == HealthState.NAMES || (state == HealthState.UP && failures > 0);
    }

    /** A probe's outcome; whether that changed its state. */
    boolean probed(@Nullable Throwable failure) {
        if (failure == null) {
            failures = 0;
            guard.healthy(true, "");
            return change(HealthState.UP, "");
        }
        String text = MusicFsException.kindOf(failure) + ": " + failure.getMessage();
        if (unknownHost(failure)) {
            return change(HealthState.NAMES, text);
        }
        failures++;
        OriginSnapshot snapshot = guard.snapshot();
        // A breaker that is open has seen failures enough, and an origin that never started was never there.
        boolean enough =
                failures >= guard.threshold() || !snapshot.started() || snapshot.breaker() == BreakerState.OPEN;
        if (!enough && state != HealthState.DOWN) {
            return false;
        }
        guard.healthy(false, text);
        return change(HealthState.DOWN, text);
    }

    private boolean change(HealthState now, String because) {
        why = because;
        if (now == state) {
            return false;
        }
        HealthState before = state;
        boolean recovered = now == HealthState.UP;
        if (before == HealthState.UP) {
            sinceNanos = clock.monotonicNanos();
            refusalsBefore = guard.refusals();
        }
        state = now;
        events.publish(
                EventAddresses.ORIGIN_STATE,
                new OriginStateChanged(id().value(), before.name(), now.name(), recovered, because));
        return true;
    }

    private static boolean unknownHost(Throwable failure) {
        int depth = 0;
        for (Throwable at = failure; at != null && depth < 16; at = at.getCause()) {
            if (at instanceof UnknownHostException) {
                return true;
            }
            depth++;
        }
        return false;
    }

    /** One line's worth of how it is doing. */
    String summary() {
        if (state == HealthState.UP) {
            return "origin " + id() + " is up";
        }
        Duration since = Duration.ofNanos(clock.monotonicNanos() - sinceNanos);
        String time = since.toMinutes() > 0 ? since.toMinutes() + " min" : since.toSeconds() + " s";
        String what = state == HealthState.DOWN ? " unreachable for " : " without name service for ";
        return "origin " + id() + what + time + ", " + (guard.refusals() - refusalsBefore) + " reads refused since ("
                + why + ")";
    }
}
