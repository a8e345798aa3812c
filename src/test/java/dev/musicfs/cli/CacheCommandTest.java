package dev.musicfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.control.api.CacheStats;
import dev.musicfs.control.api.ClearResult;
import dev.musicfs.control.api.Progress;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.api.VerifyResult;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.ControlServer;
import dev.musicfs.testkit.TestingCacheControl;
import dev.musicfs.testkit.TestingCacheControl.Verification;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final TestingCache offline = new TestingCache();

    @TempDir
    private Path cacheDir;

    private Path empty;

    @BeforeEach
    void writesAnEmptyConfiguration() throws IOException {
        empty = Files.writeString(cacheDir.resolve("empty.toml"), "");
    }

    @Test
    void asksTheRunningDaemonForItsCounters() {
        try (ControlServer server = new ControlServer(cacheDir, ControlServer.LIMITS)) {
            assertThat(run("stats")).isZero();
            assertThat(out())
                    .isEqualTo(
                            """
                            9.3 GiB of 10.0 GiB (93 %), 12,345 chunks, evicting
                            for tags 120.0 MiB, pinned 1.2 GiB
                            read 100, written 101, already there 102, evicted 103
                            damaged 104, failed 105
                            from the cache 98.2 %
                            fetched from origins 3.0 GiB
                            """);
            out.reset();
            assertThat(run("stats", "--json")).isZero();
            assertThat(new JsonObject(out())).isEqualTo(RecordJson.of(TestingCacheControl.STATS));
            assertThat(server.cache.calls).isEmpty();
            assertThat(offline.opened).isZero();
        }
    }

    @Test
    void looksAtTheCacheItselfWhenNoDaemonRuns() {
        assertThat(run("stats", "--json")).isZero();
        assertThat(new JsonObject(out())).isEqualTo(RecordJson.of(TestingCacheControl.STATS));
        assertThat(run("clear", "--pinned")).isZero();
        assertThat(out()).endsWith("removed 7 chunks, 7.0 MiB\n");
        assertThat(offline.pinnedCleared).isTrue();
        assertThat(run("repair")).isZero();
        assertThat(offline.repaired).isTrue();
        assertThat(offline.opened).isEqualTo(3);
        assertThat(offline.closed).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, false, 0",
        "3, 0, false, 1",
        "0, 2, false, 4",
        "3, 2, false, 5",
        "0, 0, true, 32",
        "1, 1, true, 37",
    })
    void verifyEndsWithTheExitCodesOfFsck(long corrected, long uncorrected, boolean cancelled, int code) {
        VerifyResult result = new VerifyResult(9, corrected, uncorrected, cancelled, List.of());
        offline.result = result;
        assertThat(run("verify")).isEqualTo(code);
        assertThat(offline.repaired).isFalse();

        try (ControlServer server = new ControlServer(cacheDir, ControlServer.LIMITS)) {
            server.cache.verified = Future.succeededFuture(result);
            assertThat(run("verify", "--repair")).isEqualTo(code);
            assertThat(server.cache.verifications.remove().repair()).isTrue();
            assertThat(run("repair")).isEqualTo(code);
            assertThat(server.cache.verifications.remove().repair()).isTrue();
            assertThat(run("verify")).isEqualTo(code);
            assertThat(server.cache.verifications.remove().repair()).isFalse();
        }
    }

    @Test
    void verifyNamesWhatItFound() {
        offline.result = new VerifyResult(1_234, 1, 1, false, List.of("a chunk is damaged"));
        run("verify");
        assertThat(out()).isEqualTo("musicfs: a chunk is damaged\nchecked 1,234 chunks: 1 errors corrected, 1 left\n");
        out.reset();
        run("verify", "--json");
        assertThat(new JsonObject(out())).isEqualTo(RecordJson.of(offline.result));
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "repair"})
    void verifyEndsWithEightWhenItCannotBeDone(String command) {
        offline.failure = new MusicFsException(FailureKind.REJECTED, "the directory is in use");
        assertThat(run(command)).isEqualTo(8);
        assertThat(err()).isEqualTo("musicfs: the directory is in use\n");
    }

    @Test
    void verifyEndsWithEightWhenTheDaemonCannotDoIt() {
        try (ControlServer server = new ControlServer(cacheDir, ControlServer.LIMITS)) {
            server.cache.verified =
                    Future.failedFuture(new MusicFsException(FailureKind.UNAVAILABLE, "The disk is away."));
            assertThat(run("verify")).isEqualTo(8);
            assertThat(err()).isEqualTo("musicfs: The disk is away.\n");
        }
    }

    @Test
    void aSignalCancelsAVerificationHereAndInTheDaemon() throws Exception {
        try (ControlServer server = new ControlServer(cacheDir, ControlServer.LIMITS)) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "cache",
                            "verify",
                            "-c",
                            empty.toString(),
                            "--cache-dir",
                            cacheDir.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(cacheDir.resolve("said").toFile())
                    .start();
            try {
                Verification running = server.cache.verifications.poll(60, TimeUnit.SECONDS);
                assertThat(running).isNotNull();
                child.destroy();
                assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(child.exitValue()).isEqualTo(32);
                assertThat(Files.readString(cacheDir.resolve("said"))).startsWith("cancelled after ");
                assertThat(Polling.until(
                                running.cancelled(), Duration.ofMillis(5), Deadline.in(Duration.ofSeconds(30))))
                        .isTrue();
            } finally {
                child.destroyForcibly();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"verify --nonsense, 16", "repair now, 16", "stats --nonsense, 2", "pin, 2", "clear all, 2", "'', 2"})
    void misuseHasTheExitCodeOfTheCommand(String line, int code) {
        String[] words = line.isEmpty() ? new String[0] : line.split(" ");
        assertThat(runAsIs(words)).isEqualTo(code);
        assertThat(err()).startsWith("musicfs: ").contains("--help").doesNotContain("\tat ");
    }

    @Test
    void pinsThroughTheDaemon() {
        try (ControlServer server = new ControlServer(cacheDir, ControlServer.LIMITS)) {
            assertThat(run("pin", "Björk/Début", "/mnt/nowhere/A")).isZero();
            assertThat(out()).isEqualTo("pinned Björk/Début: 12 files\npinned /mnt/nowhere/A: 12 files\n");
            assertThat(run("unpin", "Björk")).isZero();
            assertThat(server.cache.calls).containsExactly("pin Björk/Début", "pin /mnt/nowhere/A", "unpin Björk");
            out.reset();
            assertThat(run("pin", "A", "--json")).isZero();
            assertThat(new JsonArray(out())).isEqualTo(new JsonArray("[{\"path\":\"A\",\"files\":12}]"));
        }
    }

    @Test
    void aRelativePathIsOneOfTheShellsOrOneOfTheTrees() {
        try (ControlServer server = new ControlServer(cacheDir, ControlServer.LIMITS)) {
            String there = Path.of("src").toAbsolutePath().toString();
            assertThat(run("pin", "src")).isZero();
            assertThat(server.cache.calls).containsExactly("pin " + there);
            server.cache.absoluteIsOutside = true;
            assertThat(run("pin", "src")).isZero();
            assertThat(server.cache.calls).containsExactly("pin " + there, "pin " + there, "pin src");
        }
    }

    @Test
    void resolvesLinksBeforeTheDaemonSeesAPath() throws IOException {
        Path target = Files.createDirectory(cacheDir.toRealPath().resolve("target"));
        Path link = Files.createSymbolicLink(cacheDir.resolve("link"), target);
        try (ControlServer server = new ControlServer(cacheDir, ControlServer.LIMITS)) {
            run("pin", link.toString());
            assertThat(server.cache.calls).containsExactly("pin " + target);
        }
    }

    @Test
    void listsThePins() {
        try (ControlServer server = new ControlServer(cacheDir, ControlServer.LIMITS)) {
            assertThat(run("pins")).isZero();
            assertThat(out()).isEqualTo("A/B/1.flac\nA/B/2.flac\n");
            assertThat(err()).isEqualTo("musicfs: 1 more are not listed\n");
            assertThat(server.cache.calls).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pin A", "unpin A", "pins"})
    void saysThatPinningNeedsTheDaemon(String line) {
        assertThat(run(line.split(" "))).isEqualTo(1);
        assertThat(err())
                .isEqualTo("musicfs: no MusicFS is running for " + cacheDir
                        + "; start it with \"musicfs mount\", or name its directory with --cache-dir\n");
        assertThat(offline.opened).isZero();
    }

    private int run(String... words) {
        String[] all = new String[words.length + 4];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "-c";
        all[words.length + 1] = empty.toString();
        all[words.length + 2] = "--cache-dir";
        all[words.length + 3] = cacheDir.toString();
        return runAsIs(all);
    }

    private int runAsIs(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "cache";
        System.arraycopy(words, 0, all, 1, words.length);
        return Main.run(
                all,
                Map.of(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new Caches(offline::open));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** A cache without a daemon. */
    private final class TestingCache implements CacheMaintenance {
        private VerifyResult result = new VerifyResult(9, 0, 0, false, List.of());
        private MusicFsException failure;
        private boolean repaired;
        private boolean pinnedCleared;
        private int opened;
        private int closed;

        private CacheMaintenance open(MusicFsConfig config) {
            assertThat(config.cacheDir()).isEqualTo(cacheDir);
            if (failure != null) {
                throw failure;
            }
            opened++;
            return this;
        }

        @Override
        public CacheStats statsBlocking() {
            return TestingCacheControl.STATS;
        }

        @Override
        public VerifyResult verifyBlocking(boolean repair, BooleanSupplier cancelled, Progress progress) {
            repaired = repair;
            return result;
        }

        @Override
        public ClearResult clearBlocking(boolean alsoPinned) {
            pinnedCleared = alsoPinned;
            return new ClearResult(7, 7 << 20);
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
