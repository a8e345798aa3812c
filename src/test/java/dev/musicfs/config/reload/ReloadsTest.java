package dev.musicfs.config.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.config.ConfigDiff;
import dev.musicfs.config.DefaultConfig;
import dev.musicfs.config.LoadedConfig;
import dev.musicfs.config.LoggingConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.Problem;
import dev.musicfs.config.SafetyConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.local.LocalBackend;
import dev.musicfs.runtime.Threads;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** When the configuration is read again and what then happens with it. */
class ReloadsTest {
    private static final MusicFsConfig START = config("info", 20, Duration.ofSeconds(20));

    private final AtomicReference<LoadedConfig> file = new AtomicReference<>(good(START));
    private final Recording target = new Recording();
    private final Reloads reloads = new Reloads(file::get, Threads::begin);

    @Test
    @Resilience("3.6")
    void whatIsHotIsAppliedAndWhatIsColdIsNamed() throws Exception {
        reloads.serves(target);
        file.set(good(config("debug", 30, Duration.ofSeconds(60))));
        ReloadOutcome result = get(reloads.reload());
        assertThat(result.applied())
                .containsExactly("safety.max_removed_percent: 20 -> 30", "logging.level: info -> debug");
        assertThat(result.restart()).containsExactly("drain_timeout: 20s -> 1m");
        assertThat(target.calls).startsWith("began", "apply 30").endsWith("level debug", "ended");
        assertThat(get(reloads.reload()))
                .as("the old value stays, so it is named again")
                .isEqualTo(new ReloadOutcome(List.of(), List.of("drain_timeout: 20s -> 1m")));
    }

    @Test
    @Resilience("3.6")
    void aBadFileChangesNothingAndAllItsProblemsAreTold() throws Exception {
        target.problems = List.of("template: a file name is missing");
        file.set(new LoadedConfig(
                Optional.empty(),
                config("debug", 30, Duration.ofSeconds(20)),
                List.of(new Problem("f:1", "tempalte is unknown", false), new Problem("f:2", "cache.size", false)),
                false,
                Map.of()));
        reloads.serves(target);
        assertThatThrownBy(() -> get(reloads.reload()))
                .cause()
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID))
                .hasMessage("f:1: tempalte is unknown\nf:2: cache.size\ntemplate: a file name is missing");
        assertThat(target.calls).containsExactly("began", "ended");
        file.set(good(START));
        target.problems = List.of();
        assertThat(get(reloads.reload())).isEqualTo(new ReloadOutcome(List.of(), List.of()));
    }

    @Test
    @Resilience("3.6")
    void aFileWithoutAnOriginIsRefused() {
        MusicFsConfig none = new MusicFsConfig(
                START.mountPoint(),
                START.cacheDir(),
                START.template(),
                List.of(),
                START.cache(),
                START.fuse(),
                START.health(),
                START.safety(),
                START.logging(),
                START.drainTimeout());
        file.set(good(none));
        reloads.serves(target);
        assertThatThrownBy(() -> get(reloads.reload())).hasMessageContaining("no origin is configured");
        assertThat(target.calls).containsExactly("began", "ended");
    }

    @Test
    @Resilience("3.6")
    void aFileThatCannotBeReadFailsAndTheNextOneIsReadAllTheSame() throws Exception {
        AtomicReference<RuntimeException> broken = new AtomicReference<>(
                new MusicFsException(FailureKind.NOT_FOUND, "the configuration file /x cannot be read"));
        Reloads unlucky = new Reloads(
                () -> {
                    RuntimeException failure = broken.getAndSet(null);
                    if (failure != null) {
                        throw failure;
                    }
                    return good(START);
                },
                Threads::begin);
        unlucky.serves(target);
        assertThatThrownBy(() -> get(unlucky.reload())).hasMessageContaining("/x cannot be read");
        assertThat(get(unlucky.reload()).applied()).isEmpty();
        assertThat(target.calls).containsExactly("began", "ended", "began", "apply 20", "level info", "ended");
    }

    @Test
    @Resilience("3.6")
    void thoseThatComeDuringOneShareTheNextAndAtMostOneWaits() throws Exception {
        target.hold = new CountDownLatch(1);
        reloads.serves(target);
        Future<ReloadOutcome> running = reloads.reload();
        assertThat(target.entered.await(30, TimeUnit.SECONDS)).isTrue();
        Future<ReloadOutcome> second = reloads.reload();
        Future<ReloadOutcome> third = reloads.reload();
        assertThat(third).isSameAs(second);
        assertThat(second.isComplete() || running.isComplete()).isFalse();
        target.hold.countDown();
        get(running);
        get(third);
        assertThat(target.calls.stream().filter("began"::equals)).hasSize(2);
        assertThat(target.calls)
                .as("one after another")
                .containsExactly(
                        "began", "apply 20", "level info", "ended", "began", "apply 20", "level info", "ended");
    }

    @Test
    @Resilience("3.6")
    void oneThatComesDuringTheStartWaitsAndOneDuringTheStopIsRefused() throws Exception {
        Future<ReloadOutcome> early = reloads.reload();
        assertThat(early.isComplete()).isFalse();
        reloads.serves(target);
        get(early);
        reloads.closeBlocking(Duration.ofSeconds(30));
        assertThatThrownBy(() -> get(reloads.reload())).hasMessageContaining("is being stopped");
        assertThat(target.calls).containsExactly("began", "apply 20", "level info", "ended");
    }

    @Test
    @Resilience("3.6")
    void aStopWaitsForTheOneUnderWayAndRefusesTheOneThatWaits() throws Exception {
        target.hold = new CountDownLatch(1);
        reloads.serves(target);
        Future<ReloadOutcome> running = reloads.reload();
        assertThat(target.entered.await(30, TimeUnit.SECONDS)).isTrue();
        Future<ReloadOutcome> waiting = reloads.reload();
        reloads.closeBlocking(Duration.ofMillis(1));
        assertThatThrownBy(() -> get(waiting)).hasMessageContaining("is being stopped");
        assertThat(running.isComplete()).isFalse();
        target.hold.countDown();
        reloads.closeBlocking(Duration.ofSeconds(30));
        assertThat(running.succeeded()).isTrue();
        assertThat(target.calls).endsWith("ended");
    }

    @Test
    @Resilience("3.6")
    void aStepThatFailsIsToldAndTheNextReloadRuns() throws Exception {
        target.failure = new IllegalStateException("a defect");
        reloads.serves(target);
        assertThatThrownBy(() -> get(reloads.reload()))
                .cause()
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INTERNAL));
        target.failure = null;
        assertThat(get(reloads.reload()).applied()).isEmpty();
    }

    private static ReloadOutcome get(Future<ReloadOutcome> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static LoadedConfig good(MusicFsConfig config) {
        return new LoadedConfig(Optional.empty(), config, List.of(), false, Map.of());
    }

    private static MusicFsConfig config(String level, int percent, Duration drain) {
        return new MusicFsConfig(
                Optional.empty(),
                Path.of("/cache"),
                "$title",
                List.of(OriginConfig.of(
                        new OriginId("disk"),
                        new LocalBackend().type(),
                        new OriginSettings(Map.of("path", Path.of("/music"))))),
                DefaultConfig.CACHE,
                DefaultConfig.FUSE,
                DefaultConfig.HEALTH,
                new SafetyConfig(percent),
                new LoggingConfig(level),
                drain);
    }

    /** Takes what it is given. */
    private static final class Recording implements Reloads.Target {
        final Queue<String> calls = new ConcurrentLinkedQueue<>();
        final CountDownLatch entered = new CountDownLatch(1);
        volatile List<String> problems = List.of();
        volatile CountDownLatch hold = new CountDownLatch(0);
        volatile RuntimeException failure;
        private volatile MusicFsConfig current = START;

        @Override
        public MusicFsConfig current() {
            return current;
        }

        @Override
        public List<String> problemsBlocking(MusicFsConfig next) {
            return problems;
        }

        @Override
        public void applyBlocking(MusicFsConfig next) {
            entered.countDown();
            try {
                assertThat(hold.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            if (failure != null) {
                throw failure;
            }
            calls.add("apply " + next.safety().maxRemovedPercent());
            current = ConfigDiff.taken(current, next);
        }

        @Override
        public void level(String level) {
            if (!calls.contains("level " + level) || !calls.toString().endsWith("level " + level + "]")) {
                calls.add("level " + level);
            }
        }

        @Override
        public void began() {
            calls.add("began");
        }

        @Override
        public void ended() {
            calls.add("ended");
        }
    }
}
