package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import io.vertx.core.json.JsonArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor on this machine. */
class DoctorIT {
    @TempDir
    Path dir;

    @Test
    @Resilience({"6.2", "6.7"})
    void findsAMachineFitNamesWhatIsBrokenAndChangesNothing() throws Exception {
        Path origin = TestAudio.library(Files.createDirectories(dir.resolve("origin")));
        Path mount = Files.createDirectories(dir.resolve("mount"));
        Path cache = dir.resolve("cache");
        Path config = Files.writeString(
                dir.resolve("musicfs.toml"),
                "mount_point = \"" + mount + "\"\ncache_dir = \"" + cache + "\"\n[[origins]]\nid = \"disk\"\npath = \""
                        + origin + "\"\n");
        Shell before = doctor(config);
        assertThat(before.exitCode()).as(before.output()).isZero();
        assertThat(before.output())
                .contains("ok       origin disk: It answers.")
                .doesNotContain("broken");
        assertThat(cache).as("it changes nothing").doesNotExist();

        try (DaemonProcess daemon = DaemonProcess.configured(Map.of(), mount, cache, config)) {
            daemon.awaitOutput("musicfs: scanned ");
            Shell running = doctor(config, "--json");
            assertThat(running.exitCode()).as(running.output()).isZero();
            assertThat(new JsonArray(running.output()).stream().map(Object::toString))
                    .anyMatch(each -> each.contains("\"daemon\"") && each.contains(Long.toString(daemon.pid())))
                    .anyMatch(each -> each.contains("catalog.db is whole"));
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
        }

        List<Path> lying = Trees.files(cache);
        assertThat(doctor(config).exitCode()).isZero();
        assertThat(Trees.files(cache)).as("it leaves nothing behind").isEqualTo(lying);

        Files.writeString(cache.resolve("catalog.db"), "What is this?\n".repeat(1_000));
        Files.writeString(mount.resolve("in-the-way"), "x");
        Files.move(origin, dir.resolve("away"));
        Files.writeString(config, Files.readString(config) + "[cash]\nsize = 1\n");
        Shell after = doctor(config);
        assertThat(after.exitCode()).as(after.output()).isEqualTo(1);
        assertThat(after.output())
                .contains("broken   configuration: ")
                .contains("cash")
                .contains("broken   mountpoint: ")
                .contains("broken   catalog: ")
                .contains("broken   origin disk: ")
                .doesNotContain("Exception");
        assertThat(cache.resolve("catalog.db.damaged-1")).doesNotExist();
    }

    private static Shell doctor(Path config, String... more) throws Exception {
        return DaemonProcess.run(new String[] {"doctor", "-c", config.toString()}, more);
    }
}
