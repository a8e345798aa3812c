package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole daemon, started with another time than it had before. Needs Debian's package {@code faketime}. */
@Timeout(180)
class ClockJumpIT {
    private static final Path LIBRARY = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");
    private static final Map<String, String> NOW = Map.of("MUSICFS_CACHE_LOCAL", "always");

    @TempDir
    Path dir;

    private Path origin;
    private Path mount;
    private Path cache;

    @BeforeEach
    void prepare() throws IOException {
        Assumptions.assumeTrue(Files.exists(LIBRARY), "faketime is not installed");
        origin = TestAudio.library(Files.createDirectories(dir.resolve("origin")));
        mount = Files.createDirectories(dir.resolve("mount"));
        cache = dir.resolve("cache");
    }

    @Test
    @Resilience("5.6")
    void aStartTwoYearsEarlierRemovesNothingAndReadsEverything() throws Exception {
        startsWithTheSameLibrary(NOW, twoYearsAgo());
    }

    @Test
    @Resilience("5.6")
    void aStartTwoYearsLaterRemovesNothingAndReadsEverything() throws Exception {
        startsWithTheSameLibrary(twoYearsAgo(), NOW);
    }

    private void startsWithTheSameLibrary(Map<String, String> first, Map<String, String> then) throws Exception {
        Map<String, byte[]> before;
        try (DaemonProcess daemon = DaemonProcess.scanned(first, mount, cache, origin)) {
            assertDated(first, daemon);
            before = contents();
            assertThat(before).isNotEmpty();
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
        }
        try (DaemonProcess daemon = DaemonProcess.scanned(then, mount, cache, origin)) {
            assertDated(then, daemon);
            Map<String, byte[]> after = contents();
            assertThat(after.keySet()).isEqualTo(before.keySet());
            after.forEach((path, bytes) ->
                    assertThat(Arrays.equals(bytes, before.get(path))).as(path).isTrue());
            List<String> command = new ArrayList<>(DaemonProcess.javaJar());
            command.addAll(List.of("status", "--cache-dir", cache.toString()));
            Shell status = Shell.run(command);
            assertThat(status.exitCode()).as(status.output()).isZero();
            assertThat(status.output()).doesNotContain("nobody caught").doesNotContain("failed");
            assertThat(daemon.output()).doesNotContain("seem gone").doesNotContain(" ERROR ");
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
        }
    }

    private static Map<String, String> twoYearsAgo() {
        Map<String, String> environment = new HashMap<>(NOW);
        environment.put("LD_PRELOAD", LIBRARY.toString());
        environment.put("FAKETIME", "-2y");
        environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        environment.put("NO_FAKE_STAT", "1");
        return environment;
    }

    /** Whether its log is dated as it was told to be. */
    private static void assertDated(Map<String, String> told, DaemonProcess daemon) {
        boolean now = daemon.output().contains(LocalDate.now(ZoneOffset.UTC).toString());
        assertThat(now).as(daemon.output()).isEqualTo(told.equals(NOW));
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(mount)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(mount.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }
}
