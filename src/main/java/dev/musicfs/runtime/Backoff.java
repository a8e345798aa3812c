package dev.musicfs.runtime;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * How long to wait before something that ended is begun again: longer every time, until it has stayed up for
 * {@link #RECOVERED}. Not safe for many threads.
 */
public final class Backoff {
    /** What stayed up this long counts as recovered. */
    public static final Duration RECOVERED = Duration.ofSeconds(60);

    private static final List<Duration> LATER =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30));
    private static final List<Duration> AT_ONCE = List.of(Duration.ZERO, LATER.get(0), LATER.get(1), LATER.get(2));

    private final Clock clock;
    private final List<Duration> delays;
    private OptionalLong upSinceNanos = OptionalLong.empty();
    private int inARow;

    private Backoff(Clock clock, List<Duration> delays) {
        this.clock = clock;
        this.delays = delays;
    }

    /** At once, then after 1 s, 5 s and 30 s, then always 30 s: for what may have died of an accident. */
    public static Backoff atOnce(Clock clock) {
        return new Backoff(clock, AT_ONCE);
    }

    /** After 1 s, 5 s and 30 s, then always 30 s: for what dies with something that will be away for a while. */
    public static Backoff later(Clock clock) {
        return new Backoff(clock, LATER);
    }

    /** It is up. */
    public void began() {
        upSinceNanos = OptionalLong.of(clock.monotonicNanos());
    }

    /** It ended, or could not be begun: how long to wait before it is begun again. */
    public Duration ended() {
        inARow = inARow();
        upSinceNanos = OptionalLong.empty();
        Duration delay = delays.get(Math.min(inARow, delays.size() - 1));
        inARow++;
        return delay;
    }

    /** How many times it ended since it last stayed up. */
    public int inARow() {
        boolean recovered =
                upSinceNanos.isPresent() && clock.monotonicNanos() - upSinceNanos.getAsLong() >= RECOVERED.toNanos();
        return recovered ? 0 : inARow;
    }
}
