package dev.musicfs.config.reload;

import dev.musicfs.config.ConfigDiff;
import dev.musicfs.config.MusicFsConfig;
import java.util.List;

/** Gives the parts of a running program another configuration, one part after another. */
public final class HotConfig implements Reloads.Target {
    private final List<HotPart> parts;
    private final Runnable began;
    private final Runnable ended;
    private volatile MusicFsConfig current;

    /**
     * @param started what the parts were started with
     * @param parts in the order in which they take another configuration; when one of them throws, those behind it are not
     *     asked
     * @param began called when a reload begins
     * @param ended called when it is over, whatever its outcome
     */
    public HotConfig(MusicFsConfig started, List<HotPart> parts, Runnable began, Runnable ended) {
        this.current = started;
        this.parts = List.copyOf(parts);
        this.began = began;
        this.ended = ended;
    }

    @Override
    public MusicFsConfig current() {
        return current;
    }

    @Override
    public List<String> problemsBlocking(MusicFsConfig next) {
        return parts.stream()
                .flatMap(part -> part.problemsBlocking(current, next).stream())
                .toList();
    }

    @Override
    public void applyBlocking(MusicFsConfig next) {
        MusicFsConfig before = current;
        MusicFsConfig taken = ConfigDiff.taken(before, next);
        if (ConfigDiff.of(before, taken).changes().isEmpty()) {
            return;
        }
        parts.forEach(part -> part.applyBlocking(before, taken));
        current = taken;
    }

    @Override
    public void level(String level) {
        LogLevel.set(level);
    }

    @Override
    public void began() {
        began.run();
    }

    @Override
    public void ended() {
        ended.run();
    }
}
