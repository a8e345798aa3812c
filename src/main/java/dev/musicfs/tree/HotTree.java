package dev.musicfs.tree;

import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.reload.HotPart;
import dev.musicfs.failure.Dropped;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.registry.Ranks;
import dev.musicfs.tree.template.Template;
import java.util.List;

/** Puts the tracks of a running daemon where another template or another ranking of the origins wants them. */
public final class HotTree implements HotPart {
    private final TreeUpdater updater;

    public HotTree(TreeUpdater updater) {
        this.updater = updater;
    }

    @Override
    public List<String> problemsBlocking(MusicFsConfig before, MusicFsConfig next) {
        try {
            var unused = Template.parse(next.template());
            return List.of();
        } catch (MusicFsException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /** Returns when the change has begun; it goes on beside. */
    @Dropped("a pass logs its failure and is tried again")
    @Override
    public void applyBlocking(MusicFsConfig before, MusicFsConfig taken) {
        Ranks ranks = Ranks.of(taken.enabledOrigins());
        if (!ranks.equals(Ranks.of(before.enabledOrigins()))
                || !taken.template().equals(before.template())) {
            var unused = updater.reconsiderAll(ranks, ranks.fingerprint(), Template.parse(taken.template()));
        }
    }
}
