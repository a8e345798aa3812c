package dev.musicfs.jmh;

import dev.musicfs.model.ChunkId;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a chunk is named by when it is put, and what each segment of it is checked by when it is read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ChecksumBenchmark {
    private static final int KIB_64 = 1 << 16;
    private static final int MIB = 1 << 20;
    private static final int SEGMENT_BYTES = 1 << 14;
    private static final int SEGMENTS = MIB / SEGMENT_BYTES;

    // On the heap, as chunks are put; outside of it, as segments are read.
    private final ByteBuffer chunk = ByteBuffer.allocate(MIB);
    private final ByteBuffer segments = ByteBuffer.allocateDirect(MIB);
    private final CRC32C crc = new CRC32C();

    /** Fills both buffers. */
    public ChecksumBenchmark() {
        new Random(1).nextBytes(chunk.array());
        segments.put(chunk.array()).clear();
    }

    /** The address of 64 KiB. */
    @Benchmark
    public ChunkId sha256Of64KiB(Moved moved) {
        moved.add(KIB_64);
        return ChunkId.of(chunk.limit(KIB_64));
    }

    /** The address of 1 MiB. */
    @Benchmark
    public ChunkId sha256Of1MiB(Moved moved) {
        moved.add(MIB);
        return ChunkId.of(chunk.limit(MIB));
    }

    /** The checksums of the segments of 1 MiB, each an operation. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public long crc32cOf16KiB(Moved moved) {
        long sum = 0;
        for (int at = 0; at < MIB; at += SEGMENT_BYTES) {
            crc.reset();
            crc.update(segments.slice(at, SEGMENT_BYTES));
            sum += crc.getValue();
        }
        moved.add(MIB);
        return sum;
    }
}
