package dev.musicfs.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.control.client.ControlClient;
import dev.musicfs.control.client.RemoteDaemon;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.ControlServer;
import dev.musicfs.testkit.TestingDaemonControl;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonRoutesTest {
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
    void saysHowTheDaemonIs() {
        assertThat(client.call("GET", "/v1/status", null))
                .isEqualTo(
                        new JsonObject(
                                """
                                {"pid":4711,"mountPoint":"/mnt/music","version":"1.2.3","state":"degraded","uptimeSeconds":7200,
                                "tasks":[{"name":"scan","state":"running","restarts":0,"critical":true},
                                {"name":"watch","state":"waiting","restarts":3,"critical":false,
                                "lastError":"no inotify watches are left"}],
                                "origins":[{"id":"nas","state":"up","library":{"unknownEntries":0,"unknown":[],
                                "damagedFiles":0,"heldRemovals":0,"passedOver":[]}},
                                {"id":"cloud","state":"down","lastError":"no answer","library":{"unknownEntries":1,
                                "unknown":[{"path":"lost+found","reason":"EACCES"}],
                                "damagedFiles":2,"heldRemovals":0,"passedOver":[]}}],
                                "cache":"healthy","catalog":"healthy","uncaughtFailures":1234}
                                """));
    }

    @Test
    void theClientReadsWhatTheDaemonWrote() {
        RemoteDaemon remote = new RemoteDaemon(client);
        assertThat(remote.statusBlocking()).isEqualTo(TestingDaemonControl.DEGRADED);
        server.daemon.status = TestingDaemonControl.READY;
        assertThat(remote.statusBlocking()).isEqualTo(TestingDaemonControl.READY);
    }

    @Test
    void acceptsAShutdown() {
        RemoteDaemon remote = new RemoteDaemon(client);
        remote.shutdownBlocking(new Ending(Duration.ofSeconds(7), false));
        remote.shutdownBlocking(new Ending(Duration.ZERO, true));
        remote.shutdownBlocking(new Ending(Duration.ofHours(1), false));
        client.call(
                "POST",
                "/v1/shutdown",
                new JsonObject().put("timeoutSeconds", 9).put("now", true));
        assertThat(client.call("POST", "/v1/shutdown", null)).isEqualTo(new JsonObject("{\"accepted\":true}"));
        assertThat(server.daemon.calls)
                .containsExactly("shutdown 7", "shutdown 0 leaves", "shutdown 3600", "shutdown 0", "shutdown 30");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"timeoutSeconds\":-1}",
                "{\"timeoutSeconds\":3601}",
                "{\"timeoutSeconds\":1.5}",
                "{\"timeoutSeconds\":\"7\"}",
                "{\"timeoutSeconds\":18446744073709551617}",
                "{\"now\":\"true\"}",
                "{\"timeoutSeconds\":1,\"now\":1}"
            })
    void refusesAShutdownThatMakesNoSense(String body) {
        assertThatThrownBy(() -> client.call("POST", "/v1/shutdown", new JsonObject(body)))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID))
                .hasMessageContaining("must be");
        assertThat(server.daemon.calls).isEmpty();
    }
}
