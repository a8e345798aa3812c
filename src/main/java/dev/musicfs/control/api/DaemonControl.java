package dev.musicfs.control.api;

import io.vertx.core.Future;
import java.time.Duration;

/** What the API does with the daemon as a whole. Called on an event loop; must not block. */
public interface DaemonControl {
    /** The longest time a shutdown may be given. */
    Duration MAX_DRAIN = Duration.ofHours(1);

    /** What a shutdown is given when nobody says. */
    Duration DEFAULT_DRAIN = Duration.ofSeconds(30);

    /** How it is at this moment. */
    Future<DaemonStatus> status();

    /**
     * Has the daemon end as upon SIGTERM. Completes as soon as that is accepted, also when it ends already; the daemon
     * begins to end a little later, when the answer is on its way.
     */
    Future<Void> shutdown(Ending ending);
}
