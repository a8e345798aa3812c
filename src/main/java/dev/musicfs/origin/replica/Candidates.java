package dev.musicfs.origin.replica;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.Copy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which copies could answer a read, in the order in which they are to be asked. For any thread. */
final class Candidates {
    private final SuspectCopies suspects;
    private volatile Map<OriginId, ReplicaOrigin> origins;

    /** @param origins in the order of the configuration */
    Candidates(List<ReplicaOrigin> origins, SuspectCopies suspects) {
        this.origins = byId(origins);
        this.suspects = suspects;
    }

    /** From now on only copies at these origins are candidates, in the order of the configuration. */
    void origins(List<ReplicaOrigin> now) {
        origins = byId(now);
    }

    /** The origin of this name; empty when it is not configured. */
    Optional<ReplicaOrigin> origin(OriginId id) {
        return Optional.ofNullable(origins.get(id));
    }

    /** All copies that have the bytes, without those known to have wrong ones unless there are no others. */
    List<Candidate> of(List<Copy> copies, ByteRange range) {
        List<Candidate> all = new ArrayList<>();
        int position = 0;
        for (ReplicaOrigin origin : origins.values()) {
            for (Copy copy : copies) {
                if (copy.origin().equals(origin.id()) && covers(copy, range)) {
                    all.add(new Candidate(copy, origin, origin.snapshot().get(), suspects.isSuspect(copy), position));
                }
            }
            position++;
        }
        List<Candidate> chosen = new ArrayList<>(all);
        chosen.removeIf(each -> suspects.hasWrongBytes(each.copy()));
        if (chosen.isEmpty()) {
            chosen.addAll(all);
        }
        chosen.sort(Candidate.PREFERENCE);
        return chosen;
    }

    private static boolean covers(Copy copy, ByteRange range) {
        return !copy.audioOnly() || (range.offset() >= copy.sameFrom() && range.end() <= copy.sameTo());
    }

    private static Map<OriginId, ReplicaOrigin> byId(List<ReplicaOrigin> origins) {
        Map<OriginId, ReplicaOrigin> byId = new LinkedHashMap<>();
        origins.forEach(origin -> byId.put(origin.id(), origin));
        return Collections.unmodifiableMap(byId);
    }
}
