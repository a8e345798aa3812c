package dev.musicfs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.doctor.Doctor;
import dev.musicfs.testkit.Shell;
import io.vertx.core.json.JsonArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DoctorCommandTest {
    @TempDir
    private Path dir;

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aConfigurationThatCannotBeReadBecauseItsDiskHangsIsAFinding() throws IOException {
        // Whoever reads a pipe into which nobody writes waits, as on a dead share.
        Path pipe = dir.resolve("musicfs.toml");
        Shell.require("mkfifo", pipe.toString());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Console console = new Console(out, out, List.of(), Map.of());
        String level = System.getProperty("musicfs.log.level");
        try {
            int code = new CommandLine(new DoctorCommand(console, new Doctor(Duration.ofMillis(50))))
                    .execute("--json", "-c", pipe.toString());
            assertThat(code).isEqualTo(ExitCodes.FAILED);
            assertThat(new JsonArray(bytes.toString(StandardCharsets.UTF_8))
                            .getJsonObject(0)
                            .getMap())
                    .containsEntry("check", "configuration")
                    .containsEntry("verdict", "broken")
                    .containsKey("remedy");
        } finally {
            Files.newOutputStream(pipe, StandardOpenOption.WRITE).close(); // lets the reader go
            if (level == null) {
                System.clearProperty("musicfs.log.level");
            } else {
                System.setProperty("musicfs.log.level", level);
            }
        }
    }
}
