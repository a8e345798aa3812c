package dev.musicfs.library;

import dev.musicfs.catalog.CatalogReader;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.reload.HotPart;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.failure.Waits;
import dev.musicfs.origin.registry.OriginService;
import dev.musicfs.runtime.Waiting;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds, replaces and removes origins of a running daemon. What the catalog knows of an origin that is removed stays, as it
 * does when a daemon starts without that origin: unknown is not absent.
 */
public final class HotOrigins implements HotPart {
    private static final Logger LOG = LoggerFactory.getLogger(HotOrigins.class);
    /** The change goes on without an origin that takes longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final OriginService origins;
    private final Syncs syncs;
    private final CatalogReader catalog;

    public HotOrigins(OriginService origins, Syncs syncs, CatalogReader catalog) {
        this.origins = origins;
        this.syncs = syncs;
        this.catalog = catalog;
    }

    /** Those that the catalog does not know have to be there, and all apart from the mount, as at a start. */
    @Override
    public List<String> problemsBlocking(MusicFsConfig before, MusicFsConfig next) {
        List<OriginConfig> others = next.enabledOrigins().stream()
                .filter(origin -> before.enabledOrigins().stream()
                        .noneMatch(known -> known.id().equals(origin.id())
                                && known.directory().equals(origin.directory())))
                .toList();
        List<String> problems = new ArrayList<>(OriginCheck.problems(others, catalog));
        before.mountPoint()
                .flatMap(mountPoint -> OriginCheck.overlapBlocking(next, mountPoint))
                .ifPresent(problems::add);
        return problems;
    }

    /** Fails as a backend does that cannot be made; nothing has changed then. */
    @Override
    public void applyBlocking(MusicFsConfig before, MusicFsConfig taken) {
        OriginService.Change change = origins.prepare(taken);
        await(origins.deploy(change), "origins that were added or changed");
        syncs.change(before, taken, change, () -> origins.use(change));
        await(origins.retire(change), "the end of origins that were removed or changed");
    }

    @Waits("the thread of a reload, for a few seconds")
    private static void await(Future<Void> done, String what) {
        try {
            Waiting.await(done, PATIENCE, what);
        } catch (MusicFsException e) {
            LOG.info("Reloading goes on: {}", e.getMessage());
        }
    }
}
