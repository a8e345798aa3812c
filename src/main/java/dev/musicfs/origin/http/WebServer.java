package dev.musicfs.origin.http;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BlockingCalls;
import dev.musicfs.origin.ListingLimits;
import dev.musicfs.origin.wire.HttpUrl;
import dev.musicfs.origin.wire.WireClient;
import dev.musicfs.runtime.Deadline;
import java.util.function.Supplier;

/**
 * A server, and how it is asked.
 *
 * @param calls for taking answers apart that may be large, which is done on no event loop
 * @param listingConcurrency how many requests of one listing are under way at a time
 * @param deadlines for each of the requests that a listing takes
 * @param limits how much of a listing is believed
 */
record WebServer(
        RootUrl root,
        WireClient client,
        BlockingCalls calls,
        int listingConcurrency,
        Supplier<Deadline> deadlines,
        ListingLimits limits) {
    /** What failures call it. */
    String name() {
        return client.name();
    }

    HttpUrl url(RealPath path, boolean directory) {
        return root.child(path, directory);
    }
}
