package dev.musicfs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.config.CacheConfig;
import dev.musicfs.config.FuseConfig;
import dev.musicfs.config.HealthConfig;
import dev.musicfs.config.LoadedConfig;
import dev.musicfs.config.LoggingConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.Problem;
import dev.musicfs.config.SafetyConfig;
import dev.musicfs.control.ReloadResult;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Clock;
import dev.musicfs.testkit.Resilience;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConfigReloadTest {
    private final List<MusicFsConfig> applied = new ArrayList<>();
    private LoadedConfig source = good(config("info", 0444));
    private final ConfigReload reload = new ConfigReload(
            config("info", 0444), () -> source, applied::add, ServiceNotifier.of(Map.of(), Clock.system()), "serving");

    @Test
    @Resilience("3.6")
    void hotFieldsAreAppliedAndColdOnesNamedUntilTheyAreTrue() {
        source = good(config("debug", 0644));
        ReloadResult first = reload.reloadBlocking();
        assertThat(first.applied()).containsExactly("logging.level: info -> debug");
        assertThat(first.needRestart()).containsExactly("fuse.file_mode: 444 -> 644");
        assertThat(applied).containsExactly(config("debug", 0444));

        ReloadResult second = reload.reloadBlocking();
        assertThat(second.applied()).isEmpty();
        assertThat(second.needRestart()).isEqualTo(first.needRestart());

        source = good(config("debug", 0444));
        assertThat(reload.reloadBlocking()).isEqualTo(new ReloadResult(List.of(), List.of()));
    }

    @Test
    @Resilience("3.6")
    void aBadConfigurationChangesNothingAndNamesEveryProblem() {
        LoadedConfig bad = bad();
        source = bad;
        assertThatThrownBy(reload::reloadBlocking)
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID))
                .hasMessageContaining(bad.problems().get(0).toString())
                .hasMessageContaining(bad.problems().get(1).toString());
        assertThat(applied).isEmpty();
        source = good(config("debug", 0444));
        assertThat(reload.reloadBlocking().applied()).hasSize(1);
    }

    @Test
    @Resilience("3.6")
    void oneRunsOneWaitsAndAThirdIsRefused() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ConfigReload slow = new ConfigReload(
                config("info", 0444),
                () -> {
                    reading.countDown();
                    await(goOn);
                    return good(config("debug", 0444));
                },
                applied::add,
                ServiceNotifier.of(Map.of(), Clock.system()),
                "serving");
        Waiter first = new Waiter(slow);
        await(reading);
        Waiter second = new Waiter(slow);
        second.awaitBlocked();
        assertThatThrownBy(slow::reloadBlocking)
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
        goOn.countDown();
        assertThat(first.result.get(60, TimeUnit.SECONDS).applied()).hasSize(1);
        assertThat(second.result.get(60, TimeUnit.SECONDS).applied()).isEmpty();
    }

    private static final class Waiter {
        final CompletableFuture<ReloadResult> result = new CompletableFuture<>();
        final Thread thread;

        Waiter(ConfigReload reload) {
            thread = new Thread(() -> {
                try {
                    result.complete(reload.reloadBlocking());
                } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
            thread.start();
        }

        void awaitBlocked() {
            while (thread.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LoadedConfig good(MusicFsConfig config) {
        return new LoadedConfig(Optional.empty(), config, List.of());
    }

    private static LoadedConfig bad() {
        return new LoadedConfig(Optional.empty(), config("error", 0444), List.of(problem("one"), problem("two")));
    }

    private static Problem problem(String what) {
        return new Problem("musicfs.toml:" + what.length(), what, false);
    }

    private static MusicFsConfig config(String level, int fileMode) {
        FuseConfig fuse = FuseConfig.DEFAULTS;
        return new MusicFsConfig(
                Optional.empty(),
                Path.of("/cache"),
                MusicFsConfig.DEFAULT_TEMPLATE,
                List.of(),
                CacheConfig.DEFAULTS,
                new FuseConfig(
                        fuse.uid(),
                        fuse.gid(),
                        fileMode,
                        fuse.dirMode(),
                        fuse.allowOther(),
                        fuse.announce(),
                        fuse.maxReadaheadBytes(),
                        fuse.xattrs()),
                HealthConfig.DEFAULTS,
                SafetyConfig.DEFAULTS,
                new LoggingConfig(level));
    }
}
