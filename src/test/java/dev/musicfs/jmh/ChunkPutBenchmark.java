package dev.musicfs.jmh;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.config.CacheConfig.Durability;
import dev.musicfs.model.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Storing chunks that the store does not have, from one thread. Forcing costs what the disk under {@code java.io.tmpdir}
 * makes of it, which on a tmpfs is nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ChunkPutBenchmark {
    private static final int KIB_64 = 1 << 16;
    private static final int MIB = 1 << 20;

    // A quarter of the store, so that nothing is ever evicted.
    private static final long CLEARED_AT_BYTES = 256L << 20;

    private final ByteBuffer bytes = ByteBuffer.allocate(MIB);
    private ScratchStore scratch;
    private long number;
    private long filledBytes;

    @Param
    private Durability durability;

    /** Opens an empty store. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        new Random(1).nextBytes(bytes.array());
        scratch = ScratchStore.open(durability);
    }

    /** Before every put, outside of what is measured: a put is long enough for that. */
    @Setup(Level.Invocation)
    public void change() {
        if (filledBytes >= CLEARED_AT_BYTES) {
            scratch.store().clearBlocking(true);
            filledBytes = 0;
        }
        bytes.putLong(0, ++number);
    }

    /** Fails if anything but distinct chunks was put, and deletes the store. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        long puts = scratch.store().stats().puts();
        scratch.close();
        if (puts != number) {
            throw new IllegalStateException(number + " chunks were put and " + puts + " were written");
        }
    }

    /** A small file, or the end of one. */
    @Benchmark
    public ChunkId put64KiB(Moved moved) {
        return put(KIB_64, moved);
    }

    /** The largest chunk. */
    @Benchmark
    public ChunkId put1MiB(Moved moved) {
        return put(MIB, moved);
    }

    private ChunkId put(int length, Moved moved) {
        ChunkId chunk = scratch.store().putBlocking(bytes.limit(length), EvictionClass.AUDIO);
        filledBytes += length;
        moved.add(length);
        return chunk;
    }
}
