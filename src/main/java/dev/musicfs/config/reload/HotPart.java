package dev.musicfs.config.reload;

import dev.musicfs.config.MusicFsConfig;
import java.util.List;

/** A part of a running program that can take another configuration. Called on one thread at a time. */
@FunctionalInterface
public interface HotPart {
    /** What is wrong with a configuration beyond what its text says, one sentence each; changes nothing. */
    default List<String> problemsBlocking(MusicFsConfig before, MusicFsConfig next) {
        return List.of();
    }

    /**
     * Takes what of the configuration concerns this part. May be asked again for the same one, after this or another part
     * has failed.
     *
     * @param before what the program runs with
     * @param taken what it will run with; what needs a restart is as in {@code before}
     */
    void applyBlocking(MusicFsConfig before, MusicFsConfig taken);
}
