package dev.musicfs.content.file;

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
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the first copy and no other, once, without anything between this room and its origin. */
final class LeaderSource implements FileSource {
    private static final Logger log = LoggerFactory.getLogger(LeaderSource.class);

    private final List<Copy> copies;
    private final Function<OriginId, Optional<Origin>> origins;

    LeaderSource(List<Copy> copies, Function<OriginId, Optional<Origin>> origins) {
        this.copies = List.copyOf(copies);
        this.origins = origins;
    }

    @Override
    public List<Copy> copies() {
        return copies;
    }

    @Override
    public Future<Fetched> read(ByteRange range, Deadline deadline) {
        Copy leader = copies.get(0);
        return origins.apply(leader.origin())
                .map(origin -> origin.read(leader.path(), leader.version(), range, deadline)
                        .map(bytes -> new Fetched(bytes, leader)))
                .orElseGet(() -> Future.failedFuture(new MusicFsException(
                        FailureKind.UNAVAILABLE, "Origin " + leader.origin() + " is not configured any more.")));
    }

    @Override
    public void suspect(Copy copy, String why) {
        log.warn("{} of {} gave wrong bytes: {}", copy.path(), copy.origin(), why);
    }
}
