package dev.musicfs.chunk.disk;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A bounded number of places for callers inside the disk, each for no longer than a bound. Safe for many threads. */
final class DiskSlots {
    private final List<DiskSlot> slots;
    private final long boundNanos;

    DiskSlots(DiskSlot.Outcomes outcomes, int number, Duration bound) {
        slots = Stream.generate(() -> new DiskSlot(outcomes)).limit(number).toList();
        boundNanos = bound.toNanos();
    }

    int size() {
        return slots.size();
    }

    /** Takes a free place; null when all are taken. */
    @Nullable
    DiskSlot tryTake(long nowNanos) {
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).tryTake(nowNanos)) {
                return slots.get(i);
            }
        }
        return null;
    }

    /** How many callers have been inside for too long since the last look; each is given once. */
    int noticeHung(long nowNanos) {
        int hung = 0;
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).noticeIfHung(boundNanos, nowNanos)) {
                hung++;
            }
        }
        return hung;
    }

    /** Whether at least half of the places are held by callers that have been inside for too long. */
    boolean mostlyHung(long nowNanos) {
        long hung = slots.stream()
                .filter(slot -> slot.isOlderThan(boundNanos, nowNanos))
                .count();
        return 2 * hung >= slots.size();
    }

    /** Gives up on every caller that came in by then: it keeps its place, but no longer says anything about the disk. */
    void writeOff(long thenNanos) {
        slots.forEach(slot -> slot.writeOff(thenNanos));
    }
}
