package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginContract;
import dev.musicfs.origin.OriginWatch.OriginChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MemoryOriginTest extends OriginContract {
    private final MemoryOrigin origin = new MemoryOrigin("memory");

    @Override
    protected Origin origin() {
        return origin;
    }

    @Override
    protected boolean hasNamesThatAreNotUtf8() {
        return true;
    }

    @Override
    protected void put(String path, byte[] content) {
        origin.put(path, content);
    }

    @Override
    protected void remove(String path) {
        origin.remove(path);
    }

    @Override
    protected void removeRoot() {
        origin.gone(true);
    }

    @Test
    void comesBack() {
        put("a.flac", bytes("abc"));
        removeRoot();
        origin.gone(false);

        assertThat(read("a.flac", 0, 3)).isEqualTo("abc");
    }

    @Test
    void keepsItsBytesWhateverBecomesOfTheArray() {
        byte[] bytes = bytes("abc");
        put("a.flac", bytes);
        bytes[0] = 'x';

        assertThat(read("a.flac", 0, 3)).isEqualTo("abc");
    }

    @Test
    void removesADirectoryWithAllItHolds() {
        put("a/b/c.flac", bytes("abc"));
        put("ab.flac", bytes("abc"));
        remove("a");

        assertThat(await(origin.list(RealPath.ROOT)))
                .extracting(entry -> entry.path().value())
                .containsExactly("ab.flac");
    }

    @Test
    void tellsItsWatcherWhatTheTestTells() {
        ManualWatch watch = new ManualWatch();
        origin.watch(watch);
        List<OriginChanges> told = new ArrayList<>();

        watch.changed("early");
        await(origin.watch().orElseThrow().start(told::add));
        watch.changed("a", "b/c");
        watch.lost();
        await(watch.stop());
        watch.changed("late");

        assertThat(told)
                .containsExactly(
                        new OriginChanges(Set.of(new RealPath("a"), new RealPath("b/c")), false),
                        new OriginChanges(Set.of(), true));
        assertThat(watch.watched()).isFalse();
    }
}
