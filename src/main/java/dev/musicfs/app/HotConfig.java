package dev.musicfs.app;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.config.ConfigDiff;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.content.file.Content;
import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.library.LibraryService;
import dev.musicfs.library.OriginCheck;
import dev.musicfs.library.Syncs;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.registry.OriginService;
import dev.musicfs.origin.registry.Ranks;
import dev.musicfs.process.ServiceNotifier;
import dev.musicfs.runtime.Waiting;
import dev.musicfs.tree.TreeUpdater;
import dev.musicfs.tree.template.Template;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private final Parts parts;
    private volatile MusicFsConfig current;

    /** What is changed; {@code status} is what the service manager shows of a daemon that serves. */
    record Parts(
            CatalogReader catalog,
            OriginService origins,
            LibraryService library,
            Syncs syncs,
            CacheStorage storage,
            Content content,
            TreeUpdater tree,
            ServiceNotifier notifier,
            String status) {}

    /** @param started what the parts were started with */
    HotConfig(MusicFsConfig started, Parts parts) {
        this.current = started;
        this.parts = parts;
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
        problems.addAll(OriginCheck.problems(others, parts.catalog));
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
        OriginService.Transition change = parts.origins.prepare(taken);
        parts.storage.change(taken.cache());
        parts.content.readAhead(taken.cache().readAheadBytes());
        await(parts.origins.deploy(change), "origins that were added or changed");
        changeSyncs(before, taken, change);
        await(parts.origins.retire(change), "the end of origins that were removed or changed");
        Ranks ranks = Ranks.of(taken.enabledOrigins());
        if (!ranks.equals(Ranks.of(before.enabledOrigins()))
                || !taken.template().equals(before.template())) {
            var unused = parts.tree.revise(ranks, ranks.fingerprint(), Template.parse(taken.template()));
        }
        current = taken;
    }

    private void changeSyncs(MusicFsConfig before, MusicFsConfig taken, OriginService.Transition change) {
        Set<OriginId> stopped = new LinkedHashSet<>();
        change.go().forEach(each -> stopped.add(each.config().id()));
        for (OriginService.Running each : change.all()) {
            boolean disk = each.origin().directFiles().isPresent();
            if (!before.safety().equals(taken.safety())
                    || LibraryService.wantsLayouts(before, !disk) != LibraryService.wantsLayouts(taken, !disk)) {
                stopped.add(each.config().id());
            }
        }
        Map<OriginId, Future<Void>> ends = new HashMap<>();
        stopped.forEach(id -> ends.put(id, parts.syncs.stop(id)));
        parts.origins.take(change);
        for (OriginService.Running each : change.all()) {
            OriginId id = each.config().id();
            if (stopped.contains(id) || change.come().contains(each)) {
                parts.syncs.start(parts.library.add(taken, each), ends.getOrDefault(id, Future.succeededFuture()));
            }
        }
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
        parts.notifier.reloading();
    }

    @Override
    public void ended() {
        parts.notifier.ready(parts.status);
    }
}
