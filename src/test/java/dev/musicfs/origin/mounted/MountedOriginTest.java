package dev.musicfs.origin.mounted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginContract;
import dev.musicfs.origin.disk.LocalPaths;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingNames;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MountedOriginTest extends OriginContract {
    private final Vertx vertx = TestingVertx.start();

    @TempDir
    private Path temp;

    private Path root;
    private LocalPaths paths;
    private Origin origin;

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectory(temp.resolve("music"));
        paths = new LocalPaths(root);
        origin = origin(Map.of("path", root, "require_mount", false));
        await(origin.start());
    }

    @AfterEach
    void stop() {
        await(origin.stop());
        await(vertx.close());
    }

    private Origin origin(Map<String, Object> settings) {
        NfsBackend backend = new NfsBackend();
        OriginConfig config = OriginConfig.of(new OriginId("nas"), backend.type(), new OriginSettings(settings));
        return backend.create(
                config,
                new BackendContext(
                        vertx,
                        ExecutorPools.workers(vertx, "nas", "Origin nas", config.concurrency(), 1_000),
                        TestingNames.LITERAL,
                        Clock.system()));
    }

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
        try {
            Files.createDirectories(paths.locate(new RealPath(path).parent()));
            Files.write(paths.locate(new RealPath(path)), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void remove(String path) {
        try {
            Files.delete(paths.locate(new RealPath(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void removeRoot() {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void startsWhileTheShareIsAwayButNotOnAFile() throws IOException {
        Origin away = origin(Map.of("path", temp.resolve("absent")));
        await(away.start());
        assertThat(kindOf(away.list(RealPath.ROOT))).isEqualTo(FailureKind.UNAVAILABLE);

        Origin file = origin(Map.of("path", Files.createFile(temp.resolve("file"))));
        assertThat(kindOf(file.start())).isEqualTo(FailureKind.INVALID);
    }

    @Test
    void takesAnEmptyDirectoryOnWhichNothingIsMountedForAShareThatIsAway() {
        Origin bare = origin(Map.of("path", root));

        assertThat(kindOf(bare.list(RealPath.ROOT))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kindOf(bare.probe(Deadlines.generous()))).isEqualTo(FailureKind.UNAVAILABLE);
        put("a.flac", bytes("abc"));
        assertThat(await(bare.list(RealPath.ROOT))).hasSize(1);
        assertThat(kindOf(origin(Map.of("path", root, "require_mount", true)).list(RealPath.ROOT)))
                .isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    @Resilience("5.4")
    void isNeitherWatchedNorOpenedPastItsOwnThreads() {
        assertThat(origin.watch()).isEmpty();
        assertThat(origin.directFiles()).isEmpty();
    }

    @Test
    void saysUnavailableOnceItIsStopped() {
        await(origin.stop());

        assertThat(kindOf(origin.list(RealPath.ROOT))).isEqualTo(FailureKind.UNAVAILABLE);
    }
}
