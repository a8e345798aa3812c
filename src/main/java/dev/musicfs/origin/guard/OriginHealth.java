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
    private HealthState state = HealthState.UNKNOWN;
    private boolean answered;
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
                || state == HealthState.UNKNOWN
                || (state == HealthState.NAMES && guard.snapshot().usable());
    }

    /** Whether it failed, but not often enough for it to be ill for long. */
    boolean suspected() {
        return state == HealthState.NAMES
                || (failures > 0 && (state == HealthState.UP || (!answered && failures < guard.threshold())));
    }

    /** A probe's outcome; whether that changed its state. */
    boolean probed(@Nullable Throwable failure) {
        if (failure == null) {
            failures = 0;
            answered = true;
            guard.healthy(true, "");
            return change(HealthState.UP, "");
        }
        String text = MusicFsException.kindOf(failure) + ": " + failure.getMessage();
        if (unknownHost(failure)) {
            return change(HealthState.NAMES, text);
        }
        failures++;
        OriginSnapshot snapshot = guard.snapshot();
        // A breaker that is open has seen failures enough, and of one that never answered nobody may say that it is up.
        boolean enough = failures >= guard.threshold()
                || !answered
                || !snapshot.started()
                || snapshot.breaker() == BreakerState.OPEN;
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
        if (before == HealthState.UNKNOWN && recovered) {
            state = now; // as everybody took it to be
            return false;
        }
        if (before == HealthState.UP || before == HealthState.UNKNOWN) {
            sinceNanos = clock.monotonicNanos();
            refusalsBefore = guard.refusals();
        }
        state = now;
        events.publish(
                EventAddresses.ORIGIN_STATE,
                new OriginStateChanged(id().value(), before.name(), now.name(), recovered, because));
        return true;
    }

    /** Why it is not up; empty when it is, or has not answered yet. */
    String why() {
        return why;
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
        if (state == HealthState.UP || state == HealthState.UNKNOWN) {
            return "origin " + id() + (state == HealthState.UP ? " is up" : " has not answered yet");
        }
        Duration since = Duration.ofNanos(clock.monotonicNanos() - sinceNanos);
        String time = since.toMinutes() > 0 ? since.toMinutes() + " min" : since.toSeconds() + " s";
        String what = state == HealthState.DOWN ? " unreachable for " : " without name service for ";
        return "origin " + id() + what + time + ", " + (guard.refusals() - refusalsBefore) + " reads refused since ("
                + why + ")";
    }
}
