package dev.musicfs.app;

import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.content.Content;
import dev.musicfs.tree.TreeUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what a running daemon can take over of a configuration to the rooms it is for. */
final class HotSettings implements Consumer<MusicFsConfig> {
    private static final Logger LOG = LoggerFactory.getLogger(HotSettings.class);

    private final AtomicReference<Ranks> ranks;
    private final OriginService origins;
    private final LibraryService library;
    private final TreeUpdater tree;
    private final CacheStorage storage;
    private final Content content;

    HotSettings(
            AtomicReference<Ranks> ranks,
            OriginService origins,
            LibraryService library,
            TreeUpdater tree,
            CacheStorage storage,
            Content content) {
        this.ranks = ranks;
        this.origins = origins;
        this.library = library;
        this.tree = tree;
        this.storage = storage;
        this.content = content;
    }

    @Override
    public void accept(MusicFsConfig config) {
        LogLevel.set(config.logging().level());
        library.maxRemovedPercent(config.safety().maxRemovedPercent());
        storage.resize(config.cache());
        content.readAhead(config.cache().readAheadBytes());
        origins.retune(config);
        Ranks now = Ranks.of(config.enabledOrigins());
        if (!now.equals(ranks.getAndSet(now))) {
            tree.regroup(now.fingerprint())
                    .onFailure(e ->
                            LOG.warn("Copies are not told anew: {} It is tried at the next start.", e.getMessage()));
        }
    }
}
