package dev.musicfs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.app.VertxVerticles;
import dev.musicfs.config.ConfigLoader;
import dev.musicfs.config.ConfigLoader.Flags;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.origin.registry.Backends;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OriginProbeTest {
    @Test
    void aRemoteOriginThatRefusesOnceIsDownWhateverTheDaemonWouldForgive() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        MusicFsConfig config = new ConfigLoader(Backends.types())
                .load(
                        Optional.of(Path.of("/dev/null")),
                        new Flags(Map.of(), List.of("http://127.0.0.1:" + nobody + "/music/")))
                .orThrow();
        assertThat(config.health().remoteThreshold()).isGreaterThan(1);
        assertThat(new OriginProbe(VertxVerticles::new).probeBlocking(config))
                .singleElement()
                .satisfies(origin -> {
                    assertThat(origin.state()).isEqualTo("down");
                    assertThat(origin.lastError()).isPresent();
                });
    }
}
