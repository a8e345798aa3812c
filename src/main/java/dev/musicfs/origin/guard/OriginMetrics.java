package dev.musicfs.origin.guard;

import dev.musicfs.failure.FailureKind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Counts what becomes of requests. For any thread. */
final class OriginMetrics {
    /** The weight of the newest: about the last ten count. */
    private static final double WEIGHT = 0.2;

    private final Map<FailureKind, Long> failures = new EnumMap<>(FailureKind.class);
    private long requests;
    private long refused;
    private long late;
    private long bytes;
    private double latencyNanos;

    synchronized void request() {
        requests++;
    }

    synchronized void refused() {
        refused++;
    }

    synchronized void failed(FailureKind kind) {
        failures.merge(kind, 1L, Long::sum);
    }

    synchronized void late() {
        late++;
    }

    synchronized void read(long more) {
        bytes += more;
    }

    synchronized void took(long nanos) {
        latencyNanos = latencyNanos == 0 ? Math.max(1, nanos) : latencyNanos + WEIGHT * (nanos - latencyNanos);
    }

    synchronized Duration latency() {
        return Duration.ofNanos((long) latencyNanos);
    }

    synchronized long refusals() {
        return refused;
    }

    synchronized GuardStats snapshot(Permits permits, BreakerState breaker) {
        return new GuardStats(
                requests, failures, refused, late, bytes, permits.taken(), permits.waiting(), latency(), breaker);
    }
}
