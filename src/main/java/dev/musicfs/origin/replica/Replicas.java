package dev.musicfs.origin.replica;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.Fetched;
import dev.musicfs.origin.FileSource;
import dev.musicfs.origin.guard.GuardServices;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Chooses among the copies of a file, read by read: those whose origin is well before all others, then by priority, then
 * by measured latency. When one fails, the next is asked within the same read. For any thread.
 *
 * <p>A copy with wrong bytes is not asked again for that version unless every copy of the file is blamed; then whoever
 * reads must verify what it is given.
 */
public final class Replicas {
    private final ReplicaOptions options;
    private final GuardServices services;
    private final Blames blames;
    private final Backups backups;
    private volatile Map<OriginId, Member> members;
    final AtomicLong reads = new AtomicLong();
    final AtomicLong attempts = new AtomicLong();
    final AtomicLong retries = new AtomicLong();
    final AtomicLong failovers = new AtomicLong();
    final AtomicLong hedges = new AtomicLong();
    final AtomicLong failed = new AtomicLong();

    /**
     * Nothing is asked yet.
     *
     * @param members in the order of the configuration
     */
    public Replicas(List<Member> members, ReplicaOptions options, GuardServices services) {
        this.members = byId(members);
        this.options = options;
        this.services = services;
        this.blames = new Blames(services.clock(), services.events(), options.recheckAfter(), options.remembered());
        this.backups = new Backups(services.events(), options.remembered());
    }

    /**
     * Chooses among these from now on, reads under way included: each asks for its next attempt.
     *
     * @param now in the order of the configuration
     */
    public void members(List<Member> now) {
        members = byId(now);
    }

    private static Map<OriginId, Member> byId(List<Member> members) {
        Map<OriginId, Member> byId = new LinkedHashMap<>();
        members.forEach(member -> byId.put(member.id(), member));
        return Collections.unmodifiableMap(byId);
    }

    /**
     * The bytes of one file.
     *
     * @param copies the one with the most authority first; those of unknown origins are never asked
     */
    public FileSource of(List<Copy> copies) {
        return new Source(List.copyOf(copies));
    }

    /** The origin that a file comes from at present instead of the one with the most authority, whose copy is given. */
    public Optional<OriginId> servedBy(Copy first) {
        return backups.of(first);
    }

    /** Whether a file comes from another copy than the one with the most authority, which is given. */
    public boolean isServedFromBackup(Copy first) {
        return backups.of(first).isPresent();
    }

    /** A blamed copy was looked at again and found to be as it should be. */
    public void forgive(Copy copy) {
        blames.forgive(copy);
    }

    /** What became of the reads so far. */
    public ReplicaStats stats() {
        return new ReplicaStats(
                reads.get(),
                attempts.get(),
                retries.get(),
                failovers.get(),
                hedges.get(),
                failed.get(),
                blames.size(),
                backups.size());
    }

    Map<OriginId, Member> members() {
        return members;
    }

    ReplicaOptions options() {
        return options;
    }

    GuardServices services() {
        return services;
    }

    Blames blames() {
        return blames;
    }

    Backups backups() {
        return backups;
    }

    /** One file. */
    private final class Source implements FileSource {
        private final List<Copy> copies;

        Source(List<Copy> copies) {
            if (copies.isEmpty()) {
                throw new IllegalArgumentException("a file without copies");
            }
            this.copies = copies;
        }

        @Override
        public List<Copy> copies() {
            return copies;
        }

        @Override
        public Future<Fetched> read(ByteRange range, Deadline deadline) {
            reads.incrementAndGet();
            ByteRange there = range.within(version().sizeBytes());
            return there.length() == 0
                    ? Future.succeededFuture(new Fetched(Buffer.buffer(), copies.get(0)))
                    : new ReplicaRead(Replicas.this, copies, there, deadline).start();
        }

        @Override
        public void blame(Copy copy, String why) {
            blames.wrongBytes(copy, why);
        }
    }
}
