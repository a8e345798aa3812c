package dev.musicfs.testkit;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.Fetched;
import dev.musicfs.origin.FileSource;
import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The copies of a file, each asked once and in order, those under suspicion last. */
public final class TestingSource implements FileSource {
    private final List<Copy> copies;
    private final Origins origins;

    private TestingSource(List<Copy> copies, Origins origins) {
        this.copies = List.copyOf(copies);
        this.origins = origins;
    }

    /** A copy under suspicion, and why. */
    public record Suspect(Copy copy, String why) {}

    /** Origins by their names, and what is known of all their files. */
    public static final class Origins implements Function<List<Copy>, FileSource> {
        private final Map<OriginId, Origin> byId = new ConcurrentHashMap<>();
        private final List<Suspect> suspects = new CopyOnWriteArrayList<>();

        /** From now on there is this origin. */
        public void add(Origin origin) {
            byId.put(origin.id(), origin);
        }

        /** The origin with this name, if there is one. */
        public Optional<Origin> find(OriginId id) {
            return Optional.ofNullable(byId.get(id));
        }

        /** Every suspicion there was, in order. */
        public List<Suspect> suspects() {
            return List.copyOf(suspects);
        }

        @Override
        public FileSource apply(List<Copy> copies) {
            return new TestingSource(copies, this);
        }
    }

    @Override
    public List<Copy> copies() {
        return copies;
    }

    @Override
    public Future<Fetched> read(ByteRange range, Deadline deadline) {
        List<Copy> order = new ArrayList<>();
        for (boolean suspect : new boolean[] {false, true}) {
            copies.stream()
                    .filter(copy -> suspect == isSuspect(copy))
                    .filter(copy ->
                            !copy.audioOnly() || (copy.sameFrom() <= range.offset() && range.end() <= copy.sameTo()))
                    .forEach(order::add);
        }
        return order.isEmpty() ? nobody() : readFrom(order, 0, range, deadline);
    }

    private Future<Fetched> readFrom(List<Copy> order, int at, ByteRange range, Deadline deadline) {
        Copy copy = order.get(at);
        Future<Fetched> read = origins.find(copy.origin())
                .map(origin -> origin.read(
                                copy.path(),
                                copy.version(),
                                new ByteRange(range.offset() + copy.audioShift(), range.length()),
                                deadline)
                        .map(bytes -> new Fetched(bytes, copy)))
                .orElseGet(TestingSource::nobody);
        return read.recover(failure -> at + 1 == order.size() || deadline.expired()
                ? Future.failedFuture(failure)
                : readFrom(order, at + 1, range, deadline).recover(later -> Future.failedFuture(failure)));
    }

    private boolean isSuspect(Copy copy) {
        return origins.suspects.stream().anyMatch(suspect -> suspect.copy().equals(copy));
    }

    private static Future<Fetched> nobody() {
        return Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, "no copy can be asked"));
    }

    @Override
    public void suspect(Copy copy, String why) {
        origins.suspects.add(new Suspect(copy, why));
    }
}
