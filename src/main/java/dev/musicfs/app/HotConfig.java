package dev.musicfs.app;

import dev.musicfs.config.ConfigDiff;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.reload.LogLevel;
import dev.musicfs.config.reload.Reloads;
import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.library.OriginCheck;
import dev.musicfs.library.Syncs;
import dev.musicfs.origin.registry.OriginService;
import dev.musicfs.origin.registry.Ranks;
import dev.musicfs.process.ServiceNotifier;
import dev.musicfs.runtime.Waiting;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the rooms of a running daemon another configuration. What an origin that goes has in the catalog stays, as it does
 * when a daemon starts without it: unknown is never absent.
 */
final class HotConfig implements Reloads.Target {
    private static final Logger LOG = LoggerFactory.getLogger(HotConfig.class);
    /** One that is slow to answer is changed to all the same. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final LibraryServices services;
    private final ReadServices reading;
    private final Syncs syncs;
    private final ServiceNotifier notifier;
    private final String status;
    private volatile MusicFsConfig current;

    /**
     * @param started what the services were started with
     * @param status what the service manager shows of a daemon that serves
     */
    HotConfig(
            MusicFsConfig started,
            LibraryServices services,
            ReadServices reading,
            Syncs syncs,
            ServiceNotifier notifier,
            String status) {
        this.current = started;
        this.services = services;
        this.reading = reading;
        this.syncs = syncs;
        this.notifier = notifier;
        this.status = status;
    }

    @Override
    public MusicFsConfig current() {
        return current;
    }

    @Override
    public List<String> problemsBlocking(MusicFsConfig next) {
        List<String> problems = new ArrayList<>();
        try {
            var unused = Template.parse(next.template());
        } catch (MusicFsException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        List<OriginConfig> others = next.enabledOrigins().stream()
                .filter(origin -> current.enabledOrigins().stream()
                        .noneMatch(known -> known.id().equals(origin.id())
                                && known.directory().equals(origin.directory())))
                .toList();
        problems.addAll(OriginCheck.problems(others, services.catalog().reader()));
        return problems;
    }

    @Dropped("a revision says what it cannot do and tries it again")
    @Override
    public void applyBlocking(MusicFsConfig next) {
        MusicFsConfig before = current;
        MusicFsConfig taken = ConfigDiff.taken(before, next);
        if (ConfigDiff.of(before, taken).changes().isEmpty()) {
            return;
        }
        // The only step that may refuse, so before all others.
        OriginService.Transition change = services.origins().prepare(taken);
        reading.storage().change(taken.cache());
        reading.content().readAhead(taken.cache().readAheadBytes());
        await(services.origins().deploy(change), "origins that were added or changed");
        syncs.change(before, taken, change, () -> services.origins().take(change));
        await(services.origins().retire(change), "the end of origins that were removed or changed");
        Ranks ranks = Ranks.of(taken.enabledOrigins());
        if (!ranks.equals(Ranks.of(before.enabledOrigins()))
                || !taken.template().equals(before.template())) {
            var unused = services.updater().revise(ranks, ranks.fingerprint(), Template.parse(taken.template()));
        }
        current = taken;
    }

    private static void await(Future<Void> done, String what) {
        try {
            Waiting.await(done, PATIENCE, what);
        } catch (MusicFsException e) {
            LOG.info("Reloading goes on: {}", e.getMessage());
        }
    }

    @Override
    public void level(String level) {
        LogLevel.set(level);
    }

    @Override
    public void began() {
        notifier.reloading();
    }

    @Override
    public void ended() {
        notifier.ready(status);
    }
}
