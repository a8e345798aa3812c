package dev.musicfs.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.ConfigLoader;
import dev.musicfs.config.ConfigLoader.Flags;
import dev.musicfs.config.LoadedConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.Problem;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.registry.Backends;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.TestingNames;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link dev.musicfs.sample.ZipBackend} is known to nobody but the service loader, as a backend in another jar is. */
class ThirdPartyBackendTest {
    @TempDir
    private Path temp;

    @Test
    void isFoundConfiguredByItsOwnKeysListedAndRead(Vertx vertx) throws Exception {
        Path archive = temp.resolve("music.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (String name : List.of("flac/d/a.flac", "other/b.flac")) {
                out.putNextEntry(new ZipEntry(name));
                out.write("0123456789".getBytes(StandardCharsets.US_ASCII));
            }
        }
        LoadedConfig loaded =
                load("[[origins]]\nid = 'z'\ntype = 'zip'\narchive = '" + archive + "'\nbelow = 'flac'\n");
        assertThat(loaded.problems()).isEmpty();
        OriginConfig config = loaded.config().origins().get(0);
        assertThat(config.concurrency()).isEqualTo(2);

        Origin origin = Backends.of(config.type())
                .create(
                        config,
                        new BackendContext(
                                vertx,
                                ExecutorPools.workers(vertx, "z", "Origin z", config.concurrency(), 1_000),
                                TestingNames.LITERAL,
                                Clock.system()));
        get(origin.start());
        assertThat(get(origin.list(RealPath.ROOT)))
                .extracting(entry -> entry.path().value())
                .containsExactly("d");
        OriginEntry file = get(origin.list(new RealPath("d"))).get(0);
        assertThat(get(origin.read(file.path(), file.version(), new ByteRange(2, 3), Deadlines.generous()))
                        .toString(StandardCharsets.US_ASCII))
                .isEqualTo("234");
        get(origin.stop());
    }

    @Test
    void mistakesInItsKeysAreNamedLikeAllOthers() throws IOException {
        assertThat(load("[[origins]]\nid = 'z'\ntype = 'zip'\narchiv = '/x.zip'\n")
                        .problems())
                .extracting(Problem::toString)
                .anySatisfy(line -> assertThat(line).endsWith(":1: origins[0].archive is missing"))
                .anySatisfy(line -> assertThat(line).contains(":4: origins[0].archiv is not a key"));
        assertThat(load("[[origins]]\nid = 'z'\ntype = 'zip'\narchive = '/x.zip'\nbelow = '/flac'\n")
                        .problems())
                .extracting(Problem::toString)
                .singleElement()
                .asString()
                .endsWith(":1: origins[0].below must not begin with a slash");
    }

    private LoadedConfig load(String toml) throws IOException {
        Path file = Files.writeString(temp.resolve("musicfs.toml"), toml);
        return new ConfigLoader(Backends.types()).load(Optional.of(file), Flags.NONE);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
