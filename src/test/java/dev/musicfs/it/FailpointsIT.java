package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failpoints in the real jar, armed from the environment. */
class FailpointsIT {
    private static final String VARIABLE = "FAILPOINTS";
    private static final String FLAG = "--failpoints";

    @TempDir
    Path dir;

    private SampleMount it;

    @BeforeEach
    void prepare() throws IOException {
        it = SampleMount.in(dir);
    }

    @Test
    void withoutTheFlagTheVariableIsRefusedAndNothingIsStarted() throws Exception {
        try (DaemonProcess daemon = DaemonProcess.start(
                Map.of(VARIABLE, "fuse-read-before-reply=return"), it.mount(), it.cache(), it.origin())) {
            assertThat(daemon.awaitExit()).as(daemon.output()).isEqualTo(2);
            assertThat(daemon.output()).startsWith("musicfs: the environment variable FAILPOINTS");
            assertThat(daemon.isMounted()).isFalse();
            assertThat(it.cache()).doesNotExist();
        }
    }

    @Test
    void aReadThatIsMadeToFailFailsAndLookingAroundDoesNot() throws Exception {
        try (DaemonProcess daemon = it.scanned(Map.of(VARIABLE, "fuse-read-before-reply=return(CORRUPT)"), FLAG)) {
            assertThat(daemon.output()).contains("WARN").contains("Failpoints are armed");
            Path track = anyFile();
            assertThatThrownBy(() -> Files.readAllBytes(track)).isInstanceOf(IOException.class);
            assertThat(Files.size(track)).isPositive();
        }
    }

    @Test
    @Resilience("2.2")
    void aDefectInAReadIsAnIoErrorThatIsLoggedWithItsStackAndCounted() throws Exception {
        try (DaemonProcess daemon = it.scanned(Map.of(VARIABLE, "fuse-read-before-reply=panic(a defect)"), FLAG)) {
            Path track = anyFile();
            assertThatThrownBy(() -> Files.readAllBytes(track)).isInstanceOf(IOException.class);
            daemon.awaitOutput("Nobody caught a failure in thread musicfs-fuse-");
            daemon.awaitOutput("fuse.node.OpenFiles");
            List<String> command = new ArrayList<>(DaemonProcess.javaJar());
            command.addAll(List.of("status", "--cache-dir", it.cache().toString()));
            assertThat(Shell.run(command).output()).containsPattern("[1-9][0-9,]* failures that nobody caught");
            assertThat(Files.size(track)).isPositive();
        }
    }

    @Test
    @Resilience("2.3")
    void aStopWhoseFirstStepsFailStillTakesTheMountAway() throws Exception {
        try (DaemonProcess daemon = it.scanned(Map.of(VARIABLE, "shutdown-phase=1*return->1*panic->off"), FLAG)) {
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.output())
                    .contains("Stopping reloading went wrong")
                    .contains("Stopping new openings went wrong");
            assertThat(daemon.isMounted()).isFalse();
        }
    }

    @Test
    void aProcessThatEndsAtAFailpointGivesItsExitCodeAndTheNextStartServes() throws Exception {
        try (DaemonProcess daemon = it.scanned(Map.of(VARIABLE, "shutdown-phase=exit(9)"), FLAG)) {
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isEqualTo(9);
            try (DaemonProcess next = it.scanned()) {
                assertThat(next.isMounted()).isTrue();
            }
        }
    }

    private Path anyFile() throws IOException {
        try (Stream<Path> files = Files.walk(it.mount())) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }
}
