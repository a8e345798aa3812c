package dev.musicfs.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.config.reload.ReloadOutcome;
import dev.musicfs.control.client.ControlClient;
import dev.musicfs.control.client.RemoteConfig;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.ControlServer;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigRoutesTest {
    @TempDir
    private Path cacheDir;

    private ControlServer server;
    private ControlClient client;

    @BeforeEach
    void serve() {
        server = new ControlServer(cacheDir, ControlServer.LIMITS);
        client = new ControlClient(cacheDir, ControlClient.PATIENCE);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    @Resilience("3.6")
    void saysWhatWasAppliedAndWhatNeedsARestart() {
        ReloadResult result = new ReloadResult(List.of("cache.size: 10GiB -> 20GiB"), List.of("fuse.uid: 0 -> 7"));
        server.reloaded = Future.succeededFuture(new ReloadOutcome(result.applied(), result.restart()));
        assertThat(client.call("POST", "/v1/config/reload", null))
                .isEqualTo(
                        new JsonObject(
                                """
                                {"applied":["cache.size: 10GiB -> 20GiB"],"restart":["fuse.uid: 0 -> 7"]}
                                """));
        assertThat(new RemoteConfig(client).reloadBlocking()).isEqualTo(result);
    }

    @Test
    @Resilience("3.6")
    void saysEveryProblem() {
        server.reloaded = Future.failedFuture(new MusicFsException(FailureKind.INVALID, "one\ntwo"));
        assertThatThrownBy(() -> new RemoteConfig(client).reloadBlocking())
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID))
                .hasMessage("one\ntwo");
    }
}
