package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running daemon reads its configuration again. */
class ReloadIT {
    @TempDir
    Path dir;

    private Path mount;
    private Path cache;
    private Path config;
    private Path first;
    private Path second;

    @BeforeEach
    void prepare() throws Exception {
        mount = Files.createDirectories(dir.resolve("mount"));
        cache = dir.resolve("cache");
        config = dir.resolve("musicfs.toml");
        first = TestAudio.library(Files.createDirectories(dir.resolve("first")));
        second = Files.createDirectories(dir.resolve("second"));
        Shell copied = Shell.bash("cp -a \"$1/.\" \"$2\"", first, second);
        assertThat(copied.exitCode()).as(copied.output()).isZero();
    }

    @Test
    @Resilience("3.6")
    void hotSettingsAreAppliedToTheRunningMountAndColdOnesAreNamed() throws Exception {
        write("info", 10, 20, "");
        try (DaemonProcess daemon = DaemonProcess.configured(Map.of(), mount, cache, config)) {
            daemon.awaitOutput("musicfs: scanned first");
            daemon.awaitOutput("musicfs: scanned second");
            daemon.await(() -> servedBy().contains("first"), "the copies of the first origin to lead");
            SortedMap<String, String> before = Trees.hashes(mount);
            String inodes = inodes();

            write("debug", 30, 20, "[fuse]\nfile_mode = \"0644\"\n");
            daemon.signal("HUP");
            daemon.awaitOutput("Configuration: logging.level: info -> debug");
            daemon.awaitOutput("Configuration: origins.first.priority: 10 -> 30");
            daemon.awaitOutput("Configuration: fuse.file_mode: 444 -> 644 needs a restart");
            daemon.await(() -> servedBy().contains("second"), "the copies of the second origin to lead");
            assertThat(inodes()).isEqualTo(inodes);
            assertThat(Trees.hashes(mount)).isEqualTo(before);

            Shell again = reload();
            assertThat(again.exitCode()).as(again.output()).isZero();
            assertThat(again.output())
                    .contains("fuse.file_mode: 444 -> 644 (needs a restart)")
                    .doesNotContain("logging.level");
            assertThat(daemon.output()).contains("DEBUG");
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
        }
    }

    @Test
    @Resilience("3.6")
    void aBadFileChangesNothingAndTheMountGoesOn() throws Exception {
        write("info", 10, 20, "");
        try (DaemonProcess daemon = DaemonProcess.configured(Map.of(), mount, cache, config)) {
            daemon.awaitOutput("musicfs: scanned first");
            daemon.awaitOutput("musicfs: scanned second");
            SortedMap<String, String> before = Trees.hashes(mount);
            write("debug", 30, 20, "[fuse]\nuid = \"everybody\"\n[cash]\nsize = 1\n");
            Shell refused = reload();
            assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
            assertThat(refused.output()).contains("fuse.uid").contains("cash");
            daemon.signal("HUP");
            daemon.await(() -> daemon.output().split("is not good", -1).length == 3, "the second refusal to be logged");
            assertThat(daemon.isAlive()).isTrue();
            assertThat(Trees.hashes(mount)).isEqualTo(before);
            assertThat(daemon.output()).doesNotContain("DEBUG").doesNotContain("\tat ");

            write("info", 10, 20, "");
            Shell same = reload();
            assertThat(same.exitCode()).as(same.output()).isZero();
            assertThat(same.output()).contains("nothing has changed");
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
        }
    }

    private void write(String level, int ofFirst, int ofSecond, String more) throws IOException {
        Files.writeString(
                config,
                "[logging]\nlevel = \"" + level + "\"\n" + more
                        + origin("first", first, ofFirst)
                        + origin("second", second, ofSecond));
    }

    private static String origin(String id, Path path, int priority) {
        return "[[origins]]\nid = \"" + id + "\"\ntype = \"local\"\npath = \"" + path + "\"\npriority = " + priority
                + "\n";
    }

    private Shell reload() throws Exception {
        List<String> command = new ArrayList<>(DaemonProcess.javaJar());
        command.addAll(List.of("config", "reload", "--cache-dir", cache.toString()));
        return Shell.run(command);
    }

    /** The origins whose copies are shown, one in a line. */
    private List<String> servedBy() {
        try {
            return Shell.bash(
                            "find \"$1\" -name '*.flac' -exec getfattr --only-values -n user.musicfs.origin {} \\; -exec echo \\; | sort -u",
                            mount)
                    .output()
                    .lines()
                    .filter(line -> line.equals("first") || line.equals("second"))
                    .toList();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String inodes() throws Exception {
        return Shell.bash("cd \"$1\" && find . -type f -printf '%i %p\\n' | sort", mount)
                .output();
    }
}
