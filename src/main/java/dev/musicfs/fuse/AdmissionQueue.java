package dev.musicfs.fuse;

import dev.musicfs.runtime.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many threads handle requests that may have to wait for an origin, so that some are always free for what
 * never waits. Beyond that a request is set aside as the bytes it came in, without a thread, until it is handled by the
 * one that gives its place up. A request with a place came earlier and times out earlier, so this needs no timer. For any
 * thread.
 */
final class AdmissionQueue {
    /** Requests of both kinds at a time; well below {@link SessionLoop#MAX_THREADS}. */
    static final int PLACES = 192;

    /** Requests of one kind at a time, so that neither openings nor reads can hold all places. */
    static final int PLACES_OF_A_KIND = 160;

    /** Requests set aside at most, of about 100 bytes each. */
    static final int MAX_SET_ASIDE = 16_384;

    private static final ThreadLocal<Duration> WAITED = ThreadLocal.withInitial(() -> Duration.ZERO);

    /** What may have to wait for an origin. */
    enum Kind {
        OPEN,
        READ
    }

    /** What is done with a new request. */
    enum Admission {
        /** It has a place, which {@link #leave} gives back. */
        NOW,
        /** It is set aside: the caller's buffer is free again. */
        LATER,
        /** Too many are set aside. */
        NEVER
    }

    private final Clock clock;
    private final int places;
    private final int placesOfAKind;
    private final int maxSetAside;
    private final Map<Kind, Integer> taken = new EnumMap<>(Kind.class);
    private final Map<Kind, Queue<SetAside>> waiting = new EnumMap<>(Kind.class);

    AdmissionQueue(Clock clock) {
        this(clock, PLACES, PLACES_OF_A_KIND, MAX_SET_ASIDE);
    }

    AdmissionQueue(Clock clock, int places, int placesOfAKind, int maxSetAside) {
        this.clock = clock;
        this.places = places;
        this.placesOfAKind = placesOfAKind;
        this.maxSetAside = maxSetAside;
        for (Kind kind : Kind.values()) {
            taken.put(kind, 0);
            waiting.put(kind, new ArrayDeque<>());
        }
    }

    /** The kind of a request, or null for one that never waits. */
    static @Nullable Kind kindOf(long request) {
        return switch (KernelRequest.opcode(request)) {
            case KernelRequest.OPEN -> KernelRequest.opensForReading(request) ? Kind.OPEN : null;
            case KernelRequest.READ -> Kind.READ;
            default -> null;
        };
    }

    /** How long the request that this thread handles was set aside. */
    static Duration waited() {
        return WAITED.get();
    }

    /** Gives a request a place, or copies and sets it aside. */
    synchronized Admission admit(Kind kind, long request, int length) {
        if (hasPlace(kind)) {
            taken.merge(kind, 1, Integer::sum);
            return Admission.NOW;
        }
        if (setAsideCount() >= maxSetAside) {
            return Admission.NEVER;
        }
        waiting(kind).add(new SetAside(kind, request, length, clock.monotonicNanos()));
        return Admission.LATER;
    }

    /**
     * Gives a place back.
     *
     * @return the request that has it now, which the caller must handle, give back and close; null when none waits
     */
    synchronized @Nullable SetAside leave(Kind kind) {
        taken.merge(kind, -1, Integer::sum);
        SetAside next = first();
        if (next != null) {
            waiting(next.kind).remove();
            taken.merge(next.kind, 1, Integer::sum);
        }
        return next;
    }

    /** Requests without a place, at this moment. */
    synchronized int setAsideCount() {
        return waiting.values().stream().mapToInt(Queue::size).sum();
    }

    private boolean hasPlace(Kind kind) {
        int all = taken.values().stream().mapToInt(Integer::intValue).sum();
        return all < places && taken.getOrDefault(kind, 0) < placesOfAKind;
    }

    private @Nullable SetAside first() {
        SetAside first = null;
        for (Kind kind : Kind.values()) {
            SetAside next = waiting(kind).peek();
            if (next != null && hasPlace(kind) && (first == null || next.sinceNanos - first.sinceNanos < 0)) {
                first = next;
            }
        }
        return first;
    }

    private Queue<SetAside> waiting(Kind kind) {
        return waiting.computeIfAbsent(kind, any -> new ArrayDeque<>());
    }

    /** Handles a request. */
    @FunctionalInterface
    interface Handler {
        /** The request's address and length. */
        void handle(long request, int length);
    }

    /** A request that waits or has waited for its place; its copy is freed in {@link #close}. */
    final class SetAside implements AutoCloseable {
        private final Kind kind;
        private final NativeMemory copy;
        private final int length;
        private final long sinceNanos;

        private SetAside(Kind kind, long request, int length, long sinceNanos) {
            this.kind = kind;
            this.copy = new NativeMemory(length);
            this.length = length;
            this.sinceNanos = sinceNanos;
            NativeMemory.IO.copyMemory(request, copy.address(), length);
        }

        Kind kind() {
            return kind;
        }

        /** Handles it on this thread, which knows meanwhile how long it has {@link #waited}. */
        void handle(Handler handler) {
            WAITED.set(Duration.ofNanos(clock.monotonicNanos() - sinceNanos));
            try {
                handler.handle(copy.address(), length);
            } finally {
                WAITED.remove();
            }
        }

        @Override
        public void close() {
            copy.close();
        }
    }
}
