package dev.musicfs.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** How much a benchmark worked on; JMH divides it by the time, and prints it in a line below the number of calls. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Moved {
    private static final double MIB = 1 << 20;

    /** JMH names the line after it. The unit in that line is always "ops/s"; what is counted are MiB. */
    public double mebibytesPerSecond;

    void add(long bytes) {
        mebibytesPerSecond += bytes / MIB;
    }
}
