package dev.musicfs.jmh;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a failpoint costs beside a little work: nothing while nothing is armed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FailpointsBenchmark {
    private static final Failpoint POINT = Failpoint.FUSE_READ_BEFORE_REPLY;
    private static final int STEPS = 1_000;

    private long seed = 1;

    /** Another point is armed than the one that is passed. */
    @State(Scope.Benchmark)
    public static class OtherArmed {
        /** Arms it. */
        @Setup(Level.Trial)
        public void arm() {
            Failpoints.arm(Failpoint.INDEX_COMMIT, "off");
        }

        /** Disarms it. */
        @TearDown(Level.Trial)
        public void disarm() {
            Failpoints.disarmAll();
        }
    }

    /** A thousand steps without a failpoint. */
    @Benchmark
    public long without() {
        long x = seed;
        for (int i = 0; i < STEPS; i++) {
            x = step(x);
        }
        seed = x;
        return x;
    }

    /** The same with a failpoint in each step and nothing armed. */
    @Benchmark
    public long disarmed() {
        long x = seed;
        for (int i = 0; i < STEPS; i++) {
            Failpoints.hit(POINT);
            x = step(x);
        }
        seed = x;
        return x;
    }

    /** The same while some other point is armed, as in tests only. */
    @Benchmark
    public long otherArmed(OtherArmed other) {
        return disarmed();
    }

    // Marsaglia's xorshift64: each step needs the one before.
    private static long step(long x) {
        long y = x ^ (x << 13);
        y ^= y >>> 7;
        return y ^ (y << 17);
    }
}
