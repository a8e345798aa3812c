package dev.musicfs.app;

import dev.musicfs.config.ConfigChange;
import dev.musicfs.config.ConfigDiff;
import dev.musicfs.config.LoadedConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.control.ReloadResult;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again as at the start, judges it as a whole, and has what a running daemon can take over taken
 * over. A bad configuration changes nothing. One reload runs at a time and one may wait; for any thread that may block.
 */
final class ConfigReload {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigReload.class);
    private static final int UNDER_WAY_AND_WAITING = 2;

    private final Supplier<LoadedConfig> source;
    private final Consumer<MusicFsConfig> hot;
    private final ServiceNotifier notifier;
    private final String serving;
    private final Semaphore places = new Semaphore(UNDER_WAY_AND_WAITING);
    private MusicFsConfig current;

    /**
     * @param current what the daemon was started with
     * @param source reads it anew; may block
     * @param hot takes over a configuration that differs from the last in hot keys only
     * @param serving what the service manager is told afterwards
     */
    ConfigReload(
            MusicFsConfig current,
            Supplier<LoadedConfig> source,
            Consumer<MusicFsConfig> hot,
            ServiceNotifier notifier,
            String serving) {
        this.current = current;
        this.source = source;
        this.hot = hot;
        this.notifier = notifier;
        this.serving = serving;
    }

    /**
     * Reloads, and logs every change and every problem.
     *
     * @throws MusicFsException {@code INVALID}, with a line for each problem, when the configuration is not good;
     *     {@code UNAVAILABLE} when one reload runs and another waits
     */
    ReloadResult reloadBlocking() {
        if (!places.tryAcquire()) {
            throw new MusicFsException(
                    FailureKind.UNAVAILABLE, "the configuration is being read again already; try again in a moment");
        }
        try {
            return oneAtATime();
        } finally {
            places.release();
        }
    }

    private synchronized ReloadResult oneAtATime() {
        notifier.reloading();
        try {
            MusicFsConfig wanted = source.get().orThrow();
            List<ConfigChange> changes = ConfigDiff.between(current, wanted);
            MusicFsConfig next = ConfigDiff.withHotOf(current, wanted);
            hot.accept(next);
            current = next;
            return told(changes);
        } catch (RuntimeException e) {
            LOG.warn("The configuration is not good, and nothing of it is taken over: {}", e.getMessage());
            throw e;
        } finally {
            notifier.ready(serving);
        }
    }

    private static ReloadResult told(List<ConfigChange> changes) {
        List<String> applied = new ArrayList<>();
        List<String> needRestart = new ArrayList<>();
        for (ConfigChange change : changes) {
            if (change.hot()) {
                LOG.info("Configuration: {}", change);
                applied.add(change.toString());
            } else {
                LOG.warn("Configuration: {} needs a restart", change);
                needRestart.add(change.toString());
            }
        }
        if (changes.isEmpty()) {
            LOG.info("The configuration was read again and is the same.");
        }
        return new ReloadResult(applied, needRestart);
    }
}
