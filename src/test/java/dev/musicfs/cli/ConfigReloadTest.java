package dev.musicfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.reload.ReloadOutcome;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.ControlServer;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code musicfs config reload}. */
class ConfigReloadTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path cacheDir;

    private Path file;
    private ControlServer server;

    @BeforeEach
    void serve() throws IOException {
        file = Files.writeString(cacheDir.resolve("musicfs.toml"), "");
        server = new ControlServer(cacheDir, ControlServer.LIMITS);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    @Resilience("3.6")
    void printsWhatBecameOfEachChange() {
        server.reloaded = Future.succeededFuture(new ReloadOutcome(List.of("a: 1 -> 2"), List.of("b: 3 -> 4")));
        assertThat(run()).isZero();
        assertThat(text(out).lines()).containsExactly("a: 1 -> 2, applied", "b: 3 -> 4, needs a restart");
        out.reset();
        assertThat(run("--json")).isZero();
        assertThat(text(out)).isEqualToIgnoringNewLines("{\"applied\":[\"a: 1 -> 2\"],\"restart\":[\"b: 3 -> 4\"]}");
    }

    @Test
    @Resilience("3.6")
    void saysThatNothingHasChanged() {
        assertThat(run()).isZero();
        assertThat(text(out).lines()).containsExactly("musicfs: nothing has changed");
    }

    @Test
    @Resilience("3.6")
    void printsEveryProblemAndFailsAlsoWhenItReadsTheSameBadFile() throws IOException {
        Files.writeString(file, "tempalte = 7\n");
        server.reloaded = Future.failedFuture(new MusicFsException(FailureKind.INVALID, "one\ntwo"));
        assertThat(run()).isEqualTo(1);
        assertThat(text(err).lines()).containsExactly("musicfs: one", "musicfs: two");
        assertThat(text(out)).isEmpty();
    }

    @Test
    @Resilience("3.6")
    void failsWhenNobodyIsThere() {
        server.close();
        assertThat(run()).isEqualTo(1);
        assertThat(text(err)).contains("no MusicFS is running");
        server = new ControlServer(cacheDir, ControlServer.LIMITS);
    }

    private int run(String... more) {
        List<String> all =
                new ArrayList<>(List.of("config", "reload", "-c", file.toString(), "--cache-dir", cacheDir.toString()));
        all.addAll(List.of(more));
        return Main.run(all.toArray(String[]::new), Map.of(), stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
