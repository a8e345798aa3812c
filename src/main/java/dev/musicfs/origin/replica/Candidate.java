package dev.musicfs.origin.replica;

import dev.musicfs.model.ByteRange;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.guard.OriginSnapshot;
import java.time.Duration;
import java.util.Comparator;

/**
 * A copy that could answer a read.
 *
 * @param copy where its bytes are
 * @param origin the origin to ask for it
 * @param snapshot how that origin was doing when the candidates were listed
 * @param suspect whether the copy is known not to be as expected
 * @param position of the origin in the configuration
 */
record Candidate(Copy copy, ReplicaOrigin origin, OriginSnapshot snapshot, boolean suspect, int position) {
    /** Latencies count as different only when one is this many times the other. */
    private static final int NOTICEABLE_RATIO = 2;
    /** Latencies below 32 ms, and unknown ones, count as equal. */
    private static final int LOWEST_MAGNITUDE = 4;

    /** Which is asked first: whose origin is usable and healthy, then by priority, latency and configuration. */
    static final Comparator<Candidate> PREFERENCE = Comparator.comparing((Candidate each) -> !each.snapshot.usable())
            .thenComparing(each -> each.suspect)
            .thenComparing(each -> !each.snapshot.healthy())
            .thenComparing(each -> each.origin.priority())
            .thenComparing(each -> magnitude(each.snapshot.latency()))
            .thenComparing(Candidate::position);

    /** The same bytes in this copy. */
    ByteRange here(ByteRange range) {
        return new ByteRange(range.offset() + copy.audioShift(), range.length());
    }

    /** Coarse, so that origins of about the same speed stay in the order of the configuration. */
    private static int magnitude(Duration latency) {
        long millis = latency.toMillis();
        int magnitude = 0;
        while (millis >= NOTICEABLE_RATIO) {
            millis /= NOTICEABLE_RATIO;
            magnitude++;
        }
        return Math.max(LOWEST_MAGNITUDE, magnitude);
    }
}
