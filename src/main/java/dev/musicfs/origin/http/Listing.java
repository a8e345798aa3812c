package dev.musicfs.origin.http;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import java.util.List;

/**
 * How a server tells what it holds. {@code NOT_FOUND} is the server's word alone: it says so when all of it is gone as
 * well.
 */
interface Listing {
    /** As {@link dev.musicfs.origin.Origin#list}. */
    Future<List<OriginEntry>> list(RealPath directory);

    /** As {@link dev.musicfs.origin.Origin#stat}. */
    Future<OriginEntry> stat(RealPath path, Deadline deadline);

    /** Whether the root is there. */
    Future<Void> probe(Deadline deadline);
}
