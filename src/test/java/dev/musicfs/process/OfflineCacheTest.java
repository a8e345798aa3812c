package dev.musicfs.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.config.ConfigLoader;
import dev.musicfs.config.ConfigLoader.Flag;
import dev.musicfs.config.ConfigLoader.Flags;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.control.api.CacheStats;
import dev.musicfs.control.api.ClearResult;
import dev.musicfs.control.api.Progress;
import dev.musicfs.control.api.VerifyResult;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.registry.Backends;
import dev.musicfs.testkit.TestingCacheControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineCacheTest {
    @TempDir
    private Path directory;

    @Test
    void keepsDaemonsOutUntilItIsClosed() throws IOException {
        MusicFsConfig config = config(directory);
        try (OfflineCache cache = OfflineCache.openBlocking(config, ignored -> new TestingCache())) {
            assertThat(cache.statsBlocking()).isEqualTo(TestingCacheControl.STATS);
            assertThatThrownBy(() -> InstanceLock.take(directory)).hasMessageContaining("is in use by process");
        }
        InstanceLock.take(directory).close();
    }

    @Test
    void touchesNothingWhileADaemonHoldsTheLock() throws IOException {
        MusicFsConfig config = config(directory);
        try (InstanceLock lock = InstanceLock.take(directory)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> OfflineCache.openBlocking(config, ignored -> {
                        throw new AssertionError("it was opened");
                    }))
                    .hasMessageContaining(
                            "is in use by process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void letsGoOfTheLockWhenTheCacheCannotBeOpened() throws IOException {
        MusicFsConfig config = config(directory);
        assertThatThrownBy(() -> OfflineCache.openBlocking(config, ignored -> {
                    throw new MusicFsException(FailureKind.CORRUPT, "It is broken.");
                }))
                .hasMessage("It is broken.");
        InstanceLock.take(directory).close();
    }

    @Test
    void createsNoCacheWhereThereIsNone() throws IOException {
        Path none = directory.resolve("none");
        MusicFsConfig config = config(none);
        assertThatThrownBy(() -> OfflineCache.openBlocking(config, ignored -> new TestingCache()))
                .hasMessage("there is no cache in " + none + "; name its directory with --cache-dir");
        assertThat(none).doesNotExist();
    }

    private MusicFsConfig config(Path cacheDir) throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.toml"), "");
        return new ConfigLoader(Backends.types())
                .load(
                        Optional.of(empty),
                        new Flags(Map.of("cache_dir", new Flag("--cache-dir", cacheDir.toString())), List.of()))
                .orThrow();
    }

    private static final class TestingCache implements CacheMaintenance {
        @Override
        public CacheStats statsBlocking() {
            return TestingCacheControl.STATS;
        }

        @Override
        public VerifyResult verifyBlocking(boolean repair, BooleanSupplier cancelled, Progress progress) {
            return VerifyResult.cancelledAfter(0);
        }

        @Override
        public ClearResult clearBlocking(boolean alsoPinned) {
            return new ClearResult(0, 0);
        }

        @Override
        public void close() {}
    }
}
