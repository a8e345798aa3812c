package dev.musicfs.origin.replica;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.Fetched;
import dev.musicfs.origin.FetchedBuffer;
import dev.musicfs.origin.FileSource;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.guard.GuardServices;
import dev.musicfs.runtime.BufferPool;
import dev.musicfs.runtime.Calls;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.PooledBuffer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * Chooses among the copies of a file, read by read: those whose origin is well before all others, then by priority, then
 * by measured latency. When one fails, the next is asked within the same read. For any thread.
 *
 * <p>A copy with wrong bytes is not asked again for that version unless every copy of the file is suspect; then the
 * reader must verify the bytes.
 */
public final class Replicas {
    private final ReplicaServices services;

    /**
     * Asks nothing yet.
     *
     * @param origins in the order of the configuration
     */
    public Replicas(List<ReplicaOrigin> origins, ReplicaOptions options, GuardServices services) {
        SuspectCopies suspects =
                new SuspectCopies(services.clock(), services.events(), options.recheckAfter(), options.remembered());
        this.services = new ReplicaServices(
                options,
                services.timers(),
                new Candidates(origins, suspects),
                suspects,
                new ActiveBackups(services.events(), options.remembered()),
                new ReplicaMetrics());
    }

    /**
     * Chooses among these from now on; a read under way does so from its next attempt on.
     *
     * @param now in the order of the configuration
     */
    public void origins(List<ReplicaOrigin> now) {
        services.candidates().origins(now);
    }

    /**
     * The bytes of one file.
     *
     * @param copies the leader first, at least one; those of unknown origins are never asked
     */
    public FileSource of(List<Copy> copies) {
        return new Source(services, List.copyOf(copies));
    }

    /** The origin from which a file comes at present instead of from its leader, which is given. */
    public Optional<OriginId> servedBy(Copy leader) {
        return services.backups().of(leader);
    }

    /** Whether a file comes from another copy than its leader, which is given. */
    public boolean isServedFromBackup(Copy leader) {
        return servedBy(leader).isPresent();
    }

    /** A suspect copy was looked at again and found to be as expected. */
    public void forgive(Copy copy) {
        services.suspects().forgive(copy);
    }

    /** What became of the reads so far. */
    public ReplicaStats stats() {
        return services.metrics()
                .snapshot(services.suspects().size(), services.backups().size());
    }

    private static final ReplicaRead.Way<Buffer> IN_HEAP = new ReplicaRead.Way<>() {
        @Override
        public Future<Buffer> ask(Origin origin, Copy copy, ByteRange range, Deadline deadline) {
            return origin.read(copy.path(), copy.version(), range, deadline);
        }

        @Override
        public int length(Buffer bytes) {
            return bytes.length();
        }

        @Override
        public void drop(Buffer bytes) {}
    };

    /** What a copy has put into memory of its own: one that is late must not write into what another has given. */
    private record Filled(PooledBuffer memory, int length) {}

    private record InPool(BufferPool pool) implements ReplicaRead.Way<Filled> {
        @Override
        public Future<Filled> ask(Origin origin, Copy copy, ByteRange range, Deadline deadline) {
            PooledBuffer memory = pool.take(Math.toIntExact(range.length()));
            return Calls.safely(() -> origin.readInto(copy.path(), copy.version(), range, deadline, memory))
                    .onFailure(failure -> memory.release())
                    .map(length -> new Filled(memory, length));
        }

        @Override
        public int length(Filled bytes) {
            return bytes.length();
        }

        @Override
        public void drop(Filled bytes) {
            bytes.memory().release();
        }
    }

    private record Source(ReplicaServices services, List<Copy> copies) implements FileSource {
        Source {
            if (copies.isEmpty()) {
                throw new IllegalArgumentException("a file without copies");
            }
        }

        @Override
        public Future<Fetched> read(ByteRange range, Deadline deadline) {
            services.metrics().reads.increment();
            ByteRange there = range.within(version().sizeBytes());
            return there.length() == 0
                    ? Future.succeededFuture(new Fetched(Buffer.buffer(), copies.get(0)))
                    : new ReplicaRead<>(services, IN_HEAP, copies, there, deadline)
                            .start()
                            .map(answer -> new Fetched(answer.bytes(), answer.from()));
        }

        @Override
        public Future<FetchedBuffer> fetch(ByteRange range, Deadline deadline, BufferPool pool) {
            services.metrics().reads.increment();
            return new ReplicaRead<>(
                            services,
                            new InPool(pool),
                            copies,
                            range.within(version().sizeBytes()),
                            deadline)
                    .start()
                    .map(answer -> new FetchedBuffer(answer.bytes().memory(), answer.from()));
        }

        @Override
        public void suspect(Copy copy, String why) {
            services.suspects().addWrongBytes(copy, why);
        }
    }
}
