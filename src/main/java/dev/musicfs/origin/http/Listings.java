package dev.musicfs.origin.http;

import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which way of listing a server has: as configured, or found out at the first need and remembered. */
final class Listings {
    private static final Logger LOG = LoggerFactory.getLogger(Listings.class);

    private final String origin;
    private final WebDavListing webDav;
    private final IndexListing index;
    private volatile @Nullable Listing known;

    /** {@code configured} is one of {@code auto, webdav, index}. */
    Listings(String configured, WebServer server) {
        Heads heads = new Heads(server);
        this.origin = server.name();
        this.webDav = new WebDavListing(server, heads);
        this.index = new IndexListing(server, heads);
        if (configured.equals("webdav")) {
            known = webDav;
        } else if (configured.equals("index")) {
            known = index;
        }
    }

    /** Asks the root when it is not known yet; a root that refuses or is away leaves it unknown. */
    Future<Listing> of(Deadline deadline) {
        Listing found = known;
        if (found != null) {
            return Future.succeededFuture(found);
        }
        return webDav.ask(deadline).compose(response -> {
            if (WebDavListing.isWebDav(response)) {
                return Future.succeededFuture(remember(webDav, "WebDAV"));
            }
            // A page for logging in comes with any status: without an index nothing is taken for granted.
            return switch (response.status()) {
                case 200, 400, 405, 501 -> index.probeIndex(deadline).map(there -> remember(index, "index pages"));
                // Some forbid the method alone.
                case 403 ->
                    index.probeIndex(deadline)
                            .map(there -> remember(index, "index pages"))
                            .recover(e -> Future.failedFuture(webDav.refusal(response)));
                default -> Future.failedFuture(webDav.refusal(response));
            };
        });
    }

    private Listing remember(Listing found, String what) {
        if (known == null) {
            LOG.info("{} is listed through {}", origin, what);
        }
        known = found;
        return found;
    }
}
