package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are dated before or after what a number of nanoseconds can say. */
class FarTimesIT {
    // The JDK itself sets no time that a number of nanoseconds cannot say.
    private static final Map<String, String> TIMES =
            Map.of("1.flac", "2300-01-01 00:00:00.5 +0000", "2.flac", "1910-06-01 12:00:00.5 +0000");

    @TempDir
    private Path dir;

    @Test
    void theyAreShownWithTheNearestDateThatFitsAndRead() throws Exception {
        SampleMount it = SampleMount.in(dir);
        for (Map.Entry<String, String> each : TIMES.entrySet()) {
            Path file = it.put(each.getKey(), "Dated " + each.getKey().charAt(0));
            Shell.require("touch", "-d", each.getValue(), file.toString());
            assumeThat(Shell.run("stat", "-c", "%y", file.toString()).output())
                    .as("the disk of temporary files has such dates")
                    .startsWith(each.getValue().substring(0, 16));
        }
        for (int start = 0; start < 2; start++) {
            try (DaemonProcess daemon = it.scanned()) {
                Shell found = Shell.bash(
                        "find \"$1\" -name 'Dated *' -printf '%f %TY\\n' -exec cat {} + | grep -a '^Dated'",
                        it.mount());
                assertThat(found.output().lines()).containsExactlyInAnyOrder("Dated 1.flac 2262", "Dated 2.flac 1910");
                it.end(daemon);
                assertThat(daemon.output().lines().filter(line -> line.contains(" WARN ") || line.contains(" ERROR ")))
                        .as("but for the sample's damaged file nothing is wrong")
                        .allMatch(line -> line.contains("corrupt.flac"));
            }
        }
    }
}
