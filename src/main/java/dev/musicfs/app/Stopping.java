package dev.musicfs.app;

import dev.musicfs.control.Ending;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What signals do: the first begins an orderly end, a second ends the process at once and takes the mount away first. One
 * that comes before there is a mount is kept until there is. For any thread.
 */
final class Stopping {
    private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final int KILLED_BY_SIGNAL = 128;

    private final Duration drain;
    private @Nullable MountedLibrary library;
    private boolean asked;

    /** @param drain how long an orderly end may take */
    Stopping(Duration drain) {
        this.drain = drain;
    }

    /** A signal with this number has come. */
    void signalled(int number) {
        MountedLibrary mounted;
        synchronized (this) {
            mounted = library;
            if (!asked) {
                asked = true;
                LOG.info("Stopping on signal {}; a second one ends it at once.", number);
                begin();
                return;
            }
        }
        LOG.warn("A second signal, {}: ending at once.", number);
        if (mounted != null) {
            mounted.abandon(FAREWELL);
        }
        Runtime.getRuntime().halt(KILLED_BY_SIGNAL + number);
    }

    /** There is something to stop now. */
    synchronized void serves(MountedLibrary mounted) {
        library = mounted;
        if (asked) {
            begin();
        }
    }

    private void begin() {
        MountedLibrary mounted = library;
        if (mounted != null) {
            mounted.beginStop(new Ending(drain, false));
        }
    }
}
