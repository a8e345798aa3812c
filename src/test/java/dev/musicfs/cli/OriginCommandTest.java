package dev.musicfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.control.api.OriginList;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.testkit.ControlServer;
import dev.musicfs.testkit.TestingOriginControl;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path cacheDir;

    private Path empty;

    @BeforeEach
    void writesAnEmptyConfiguration() throws IOException {
        empty = Files.writeString(cacheDir.resolve("empty.toml"), "");
    }

    @Test
    void listsEveryOriginWithWhatBothersIt() {
        try (ControlServer server = new ControlServer(cacheDir, ControlServer.LIMITS)) {
            assertThat(run("list")).isZero();
            assertThat(text(out))
                    .isEqualTo(
                            """
                            nas (nfs, priority 1): up for 2 h, breaker closed, latency 3.3 ms, 1,000 requests, 3 failed, 5.0 GiB fetched
                            cloud (s3, priority 2): down for 90 s, breaker open, 7 requests, 7 failed, 0 B fetched
                              last error: connection refused
                              7 entries cannot be looked at, what is known of them is kept: lost+found (EACCES), ...
                              3 files are damaged and shown under their own names; the log says what is wrong
                              1,234 of 9,000 known files are gone, more than 5 %; they are kept until you say that they are gone: musicfs origin confirm-removals ID
                              passed over: 40 by being no music, 3 by @eaDir
                            """);
            out.reset();
            assertThat(run("list", "--json")).isZero();
            assertThat(new JsonObject(text(out)))
                    .isEqualTo(RecordJson.of(
                            new OriginList(List.of(TestingOriginControl.NAS, TestingOriginControl.CLOUD))));
            assertThat(server.origins.calls).containsExactly("origins", "origins");
        }
    }

    @Test
    void confirmsWhatIsKeptOfEachAndSaysHowMuchThatIs() {
        try (ControlServer server = new ControlServer(cacheDir, ControlServer.LIMITS)) {
            assertThat(run("confirm-removals", "cloud", "nas")).isZero();
            assertThat(text(out))
                    .isEqualTo(
                            """
                            musicfs: 1,234 files of cloud are removed soon
                            musicfs: nothing is kept of nas
                            """);
            assertThat(run("confirm-removals", "tape")).isEqualTo(ExitCodes.FAILED);
            assertThat(server.origins.calls).containsExactly("confirm cloud", "confirm nas", "confirm tape");
        }
    }

    @Test
    void probesThemAndFailsWhenOneCannotBeUsed() {
        try (ControlServer server = new ControlServer(cacheDir, ControlServer.LIMITS)) {
            assertThat(run("health")).isEqualTo(ExitCodes.FAILED);
            server.origins.probed = List.of(TestingOriginControl.NAS);
            assertThat(run("health")).isZero();
            assertThat(server.origins.calls).containsExactly("probe", "probe");
        }
    }

    @Test
    void asksForARescanAndNamesAnOriginThatIsNotThere() {
        try (ControlServer server = new ControlServer(cacheDir, ControlServer.LIMITS)) {
            assertThat(run("rescan", "nas")).isZero();
            assertThat(run("rescan", "attic")).isEqualTo(ExitCodes.FAILED);
            assertThat(text(err)).isEqualTo("musicfs: there is no origin attic\n");
            assertThat(server.origins.calls).containsExactly("rescan nas", "rescan attic");
        }
    }

    @Test
    void saysThatNoDaemonRuns() {
        assertThat(run("list")).isEqualTo(ExitCodes.FAILED);
        assertThat(text(err)).startsWith("musicfs: no MusicFS is running for " + cacheDir);
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("origin", arguments[0]));
        all.addAll(List.of("-c", empty.toString(), "--cache-dir", cacheDir.toString()));
        all.addAll(List.of(arguments).subList(1, arguments.length));
        return Main.run(
                all.toArray(String[]::new),
                Map.of(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
