package dev.musicfs.chunk.disk;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Places for so many callers inside the disk, each for no longer than a bound. Safe for many threads. */
final class DiskPlaces {
    private final List<DiskVisit> visits;
    private final long boundNanos;

    DiskPlaces(DiskWatch watch, int number, Duration bound, boolean writing) {
        visits = Stream.generate(() -> new DiskVisit(watch, writing))
                .limit(number)
                .toList();
        boundNanos = bound.toNanos();
    }

    int size() {
        return visits.size();
    }

    /** Takes a free place; null when all are taken. */
    @Nullable
    DiskVisit tryTake(long nowNanos) {
        for (int i = 0; i < visits.size(); i++) {
            if (visits.get(i).tryTake(nowNanos)) {
                return visits.get(i);
            }
        }
        return null;
    }

    /** How many callers have been inside for too long since the last look; each is given once. */
    int noticeHung(long nowNanos) {
        int hung = 0;
        for (int i = 0; i < visits.size(); i++) {
            if (visits.get(i).noticeIfHung(boundNanos, nowNanos)) {
                hung++;
            }
        }
        return hung;
    }

    /** Whether at least half of the places are held by callers that have been inside for too long. */
    boolean mostlyHung(long nowNanos) {
        return 2
                        * visits.stream()
                                .filter(visit -> visit.isOlderThan(boundNanos, nowNanos))
                                .count()
                >= visits.size();
    }

    /** Gives up on whoever came in by then: it holds its place and says nothing about the disk any more. */
    void writeOff(long thenNanos) {
        visits.forEach(visit -> visit.writeOff(thenNanos));
    }
}
