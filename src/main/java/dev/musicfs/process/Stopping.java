package dev.musicfs.process;

import dev.musicfs.control.api.Ending;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What signals do: the first begins an orderly end, a second ends the process at once and takes the mount away first. One
 * that comes before there is a mount is kept until there is. For any thread.
 */
public final class Stopping {
    private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final int KILLED_BY_SIGNAL = 128;

    /** What a signal ends. Neither call blocks for longer than it says, nor throws. */
    public interface Stoppable {
        /** Begins an orderly end and returns at once; a second call changes nothing. */
        void beginStop(Ending ending);

        /** Takes the mount away and nothing else: the process ends now. Blocks for no longer than {@code patience}. */
        void abandon(Duration patience);
    }

    private final Duration drain;
    private @Nullable Stoppable library;
    private boolean asked;

    /** @param drain how long an orderly end may take */
    public Stopping(Duration drain) {
        this.drain = drain;
    }

    /** A signal with this number has come. */
    public void signalled(int number) {
        Stoppable mounted;
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
    public synchronized void serves(Stoppable mounted) {
        library = mounted;
        if (asked) {
            begin();
        }
    }

    private void begin() {
        Stoppable mounted = library;
        if (mounted != null) {
            mounted.beginStop(new Ending(drain, false));
        }
    }
}
