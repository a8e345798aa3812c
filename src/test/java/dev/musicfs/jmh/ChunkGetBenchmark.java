package dev.musicfs.jmh;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.config.CacheConfig.Durability;
import dev.musicfs.model.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
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
 * Reading from the store beside reading the same ranges of the same bytes from one plain file. Both are in the kernel's
 * page cache, and go to a direct buffer: what the store costs is all that differs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ChunkGetBenchmark {
    private static final int CHUNK_BYTES = 1 << 20;

    // 64 MiB: more than the CPU's caches mostly hold, and no chunk that has to be opened again.
    private static final int CHUNKS = 64;

    private final ChunkId[] chunks = new ChunkId[CHUNKS];
    private ScratchStore scratch;
    private FileChannel plain;
    private ByteBuffer dst;
    private int turn;

    @Param
    private Range range;

    /** What is read at once. */
    public enum Range {
        /** One page, for which the store reads a segment. */
        KIB_4(4 << 10, 0),
        /** A reader's usual call, which begins and ends inside segments. */
        KIB_128_UNALIGNED(128 << 10, 1_000),
        /** Whole segments, which the store need not copy. */
        KIB_128_ALIGNED(128 << 10, 0);

        private final int bytes;
        private final int shift;

        Range(int bytes, int shift) {
            this.bytes = bytes;
            this.shift = shift;
        }

        private int places() {
            return (CHUNK_BYTES - shift) / bytes;
        }
    }

    /** Fills the store and the file, and reads both once. */
    @Setup(Level.Trial)
    public void fill() throws IOException {
        scratch = ScratchStore.open(Durability.FAST);
        plain = FileChannel.open(
                scratch.directory().resolve("plain"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        Random random = new Random(1);
        byte[] bytes = new byte[CHUNK_BYTES];
        dst = ByteBuffer.allocateDirect(CHUNK_BYTES);
        for (int i = 0; i < CHUNKS; i++) {
            random.nextBytes(bytes);
            chunks[i] = scratch.store().putBlocking(ByteBuffer.wrap(bytes), EvictionClass.AUDIO);
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                plain.write(rest);
            }
            scratch.store().readBlocking(chunks[i], 0, dst.clear());
            requireFull(dst);
            plain.read(dst.clear(), (long) i * CHUNK_BYTES);
            requireFull(dst);
        }
        dst = ByteBuffer.allocateDirect(range.bytes);
    }

    /** Deletes both. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        plain.close();
        scratch.close();
    }

    /** From the store. */
    @Benchmark
    public ByteBuffer store(Moved moved) {
        int chunk = next();
        scratch.store().readBlocking(chunks[chunk], offset(), dst.clear());
        moved.add(range.bytes);
        return requireFull(dst);
    }

    /** From the file. */
    @Benchmark
    public ByteBuffer plainFile(Moved moved) throws IOException {
        int chunk = next();
        plain.read(dst.clear(), (long) chunk * CHUNK_BYTES + offset());
        moved.add(range.bytes);
        return requireFull(dst);
    }

    // Each read is of another chunk than the one before, so that neither side lives on what the CPU still holds.
    private int next() {
        turn = (turn + 1) & Integer.MAX_VALUE;
        return turn % CHUNKS;
    }

    private int offset() {
        return range.shift + turn / CHUNKS % range.places() * range.bytes;
    }

    private static ByteBuffer requireFull(ByteBuffer buffer) {
        if (buffer.hasRemaining()) {
            throw new IllegalStateException(buffer.remaining() + " bytes were not read");
        }
        return buffer;
    }
}
