package dev.musicfs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.musicfs.config.DefaultConfig;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.vfs.VirtualFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unit files in {@code conf} say what the daemon needs and nothing that would hide or prevent its mount. */
class UnitFilesTest {
    private static final Path CONF = Path.of("conf");
    private static final String LAUNCHER = "/opt/musicfs/scripts/musicfs";

    /** systemd.exec(5), for version 252: with any of them, the service has a mount namespace of its own. */
    private static final List<String> HIDE_THE_MOUNT = List.of(
            "BindPaths",
            "BindReadOnlyPaths",
            "DynamicUser",
            "ExecPaths",
            "ExtensionDirectories",
            "ExtensionImages",
            "InaccessiblePaths",
            "MountAPIVFS",
            "MountFlags",
            "MountImages",
            "NoExecPaths",
            "PrivateDevices",
            "PrivateIPC",
            "PrivateMounts",
            "PrivateTmp",
            "PrivateUsers",
            "ProcSubset",
            "ProtectControlGroups",
            "ProtectHome",
            "ProtectHostname",
            "ProtectKernelLogs",
            "ProtectKernelModules",
            "ProtectKernelTunables",
            "ProtectProc",
            "ProtectSystem",
            "ReadOnlyPaths",
            "ReadWritePaths",
            "RootDirectory",
            "RootImage",
            "TemporaryFileSystem");

    /** The same: these are NoNewPrivileges, or imply it for a user other than root. */
    private static final List<String> STOP_FUSERMOUNT = List.of(
            "LockPersonality",
            "MemoryDenyWriteExecute",
            "NoNewPrivileges",
            "ProtectClock",
            "RestrictAddressFamilies",
            "RestrictFileSystems",
            "RestrictNamespaces",
            "RestrictRealtime",
            "RestrictSUIDSGID",
            "SystemCallArchitectures",
            "SystemCallFilter",
            "SystemCallLog");

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"musicfs.service", "musicfs-user.service"})
    @Resilience({"2.10", "3.1", "3.6", "3.7"})
    void tellsReadinessFeedsTheWatchdogAndComesBackAfterAFailure(String name) throws IOException {
        Map<String, List<String>> unit = parsed(name);
        assertThat(unit.get("Type")).containsExactly("notify");
        assertThat(unit.get("NotifyAccess")).containsExactly("main");
        assertThat(unit.get("WatchdogSec")).containsExactly("30");
        assertThat(unit.get("ExecStart")).singleElement().asString().startsWith(LAUNCHER + " mount");
        assertThat(unit.get("ExecReload")).containsExactly("/bin/kill -HUP $MAINPID");
        assertThat(unit.get("Restart")).containsExactly("on-failure");
        assertThat(unit.get("RestartSec")).containsExactly("1");
        assertThat(unit).containsKeys("StartLimitIntervalSec", "StartLimitBurst");
        assertThat(number(unit, "StartLimitIntervalSec"))
                .as("a daemon that the watchdog ends again and again is never given up")
                .isLessThan(number(unit, "StartLimitBurst") * number(unit, "WatchdogSec"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"musicfs.service", "musicfs-user.service"})
    @Resilience({"3.7", "5.8"})
    void limitsWhatALeakCanTake(String name) throws IOException {
        Map<String, List<String>> unit = parsed(name);
        assertThat(number(unit, "LimitNOFILE")).isGreaterThan(VirtualFileSystem.DEFAULT_MAX_OPEN_FILES);
        assertThat(unit.get("LimitCORE")).containsExactly("0");
        assertThat(unit.get("MemoryHigh")).containsExactly("768M");
        assertThat(unit.get("MemoryMax")).containsExactly("1G");
        assertThat(unit.get("TasksMax")).containsExactly("1024");
        assertThat(unit).containsKey("OOMScoreAdjust");
    }

    @ParameterizedTest
    @ValueSource(strings = {"musicfs.service", "musicfs-user.service"})
    @Resilience("3.7")
    void aStopGivesTimeToDrainAndKillsWhatIsLeft(String name) throws IOException {
        Map<String, List<String>> unit = parsed(name);
        assertThat(unit.get("KillMode")).containsExactly("mixed");
        assertThat(number(unit, "TimeoutStopSec"))
                .as("more than an end takes, and the least a part of it gets")
                .isGreaterThan(DefaultConfig.DRAIN_TIMEOUT.toSeconds() + 10);
        assertThat(unit).as("SIGTERM is enough").doesNotContainKeys("ExecStop", "KillSignal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"musicfs.service", "musicfs-user.service"})
    @Resilience("3.7")
    void onlyAGoodEndTakesAwayAMountThatIsLeft(String name) throws Exception {
        // Without asking mountpoint(1) first, which takes a dead mount for none.
        assertThat(calledAfter(name, "success")).containsExactly("fusermount -uqz -- /mnt/x");
        for (String bad : List.of("signal", "core-dump", "watchdog", "oom-kill", "exit-code", "timeout")) {
            assertThat(calledAfter(name, bad)).as(bad).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"musicfs.service", "musicfs-user.service"})
    @Resilience("3.7")
    void nothingHidesTheMountOrKeepsFusermountFromMounting(String name) throws IOException {
        Map<String, List<String>> unit = parsed(name);
        assertThat(unit.keySet())
                .doesNotContainAnyElementsOf(HIDE_THE_MOUNT)
                .doesNotContainAnyElementsOf(STOP_FUSERMOUNT);
    }

    @Test
    @Resilience("3.7")
    void theSystemsDaemonIsNotRootAndLeavesFusermountItsCapabilities() throws IOException {
        Map<String, List<String>> unit = parsed("musicfs.service");
        assertThat(unit.get("User")).containsExactly("musicfs");
        assertThat(unit.get("CapabilityBoundingSet"))
                .singleElement()
                .asString()
                .contains("CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID");
        assertThat(unit.get("DeviceAllow")).containsExactly("/dev/fuse rw");
        assertThat(number(unit, "OOMScoreAdjust")).isNegative();
        assertThat(parsed("musicfs-user.service"))
                .as("what a user's manager cannot give")
                .doesNotContainKeys("User", "CapabilityBoundingSet", "DevicePolicy");
    }

    @Test
    @Resilience("3.7")
    void aMediaServerStartsAfterTheMountAndStopsWithIt() throws IOException {
        Map<String, List<String>> dropIn = parsed("media-server.conf");
        assertThat(dropIn.get("BindsTo")).containsExactly("musicfs.service");
        assertThat(dropIn.get("After")).containsExactly("musicfs.service");
    }

    @Test
    @Resilience({"3.7", "5.8"})
    void containersGetTheDeviceTheCapabilityAndMountsThatTravel() throws IOException {
        assertThat(Files.readString(CONF.resolve("compose.yaml")))
                .contains(
                        "- /dev/fuse",
                        "- SYS_ADMIN",
                        "- apparmor=unconfined",
                        "propagation: rshared",
                        "propagation: rslave",
                        "stop_grace_period: 90s",
                        "mem_limit: 1g",
                        "pids_limit: 1024")
                .doesNotContain("no-new-privileges", "privileged: true");
    }

    @Test
    @Resilience("3.7")
    void systemdFindsNothingToComplainOf() throws Exception {
        assumeTrue(installed("systemd-analyze"), "systemd is not installed");
        for (String name : List.of("musicfs.service", "musicfs-user.service")) {
            String text = Files.readString(CONF.resolve(name));
            assertThat(text).contains(LAUNCHER);
            Files.writeString(dir.resolve(name), text.replace(LAUNCHER, "/bin/true"));
        }
        Path server = dir.resolve("navidrome.service");
        Files.writeString(server, "[Service]\nExecStart=/bin/true\n");
        Path dropIns = Files.createDirectory(dir.resolve("navidrome.service.d"));
        Files.copy(CONF.resolve("media-server.conf"), dropIns.resolve("musicfs.conf"));

        assertThat(complaints("--man=no", "verify", "musicfs.service")).isEmpty();
        assertThat(complaints("--man=no", "verify", "navidrome.service")).isEmpty();
        assertThat(complaints("--man=no", "--user", "verify", "musicfs-user.service"))
                .isEmpty();

        Files.writeString(server, "[Service]\nExecStart=/bin/true\nWatchdogSecs=30\n");
        assertThat(complaints("--man=no", "verify", "navidrome.service"))
                .as("it does look")
                .isNotEmpty();
    }

    /** What it says of our files; it may have its own opinion of the machine's. */
    private List<String> complaints(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("systemd-analyze"));
        command.addAll(List.of(arguments));
        String file = command.set(
                command.size() - 1, dir.resolve(arguments[arguments.length - 1]).toString());
        ProcessBuilder verify = new ProcessBuilder(command);
        verify.environment().put("XDG_RUNTIME_DIR", dir.toString());
        return run(verify).stream()
                .filter(line -> line.contains(file) || line.contains(dir.toString()) || line.startsWith("Failed"))
                .toList();
    }

    /** The programs that ExecStopPost calls after an end with this result. */
    private List<String> calledAfter(String name, String result) throws Exception {
        String line = parsed(name).get("ExecStopPost").get(0);
        String prefix = "-/bin/sh -c '";
        assertThat(line).startsWith(prefix).endsWith("'");
        String script = line.substring(prefix.length(), line.length() - 1).replace("$$", "$");
        Path programs = Files.createTempDirectory(dir, "bin");
        Path calls = Files.createTempFile(dir, "calls", "");
        program(programs.resolve("fusermount"), "fusermount");
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", script);
        shell.environment()
                .putAll(Map.of(
                        "PATH",
                        programs + ":/usr/bin:/bin",
                        "CALLS",
                        calls.toString(),
                        "SERVICE_RESULT",
                        result,
                        "MUSICFS_MOUNT_POINT",
                        "/mnt/x"));
        assertThat(run(shell)).isEmpty();
        return Files.readAllLines(calls);
    }

    private static void program(Path file, String name) throws IOException {
        Files.writeString(file, "#!/bin/sh\necho \"" + name + " $*\" >>\"$CALLS\"\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private List<String> run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path output = Files.createTempFile(dir, "output", "");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(output, StandardCharsets.UTF_8);
    }

    private static boolean installed(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(each -> Files.isExecutable(Path.of(each).resolve(program)));
    }

    private static long number(Map<String, List<String>> unit, String key) {
        return Long.parseLong(unit.get(key).get(0));
    }

    /** The settings by key, in every section; comments and blank lines are left out. */
    private static Map<String, List<String>> parsed(String name) throws IOException {
        Map<String, List<String>> settings = new LinkedHashMap<>();
        for (String line : Files.readAllLines(CONF.resolve(name))) {
            if (line.isBlank() || line.startsWith("#") || line.matches("\\[[A-Z][a-z]+]")) {
                continue;
            }
            assertThat(line).as("one setting a line").matches("[A-Za-z]+=.+");
            String[] parts = line.split("=", 2);
            settings.computeIfAbsent(parts[0], key -> new ArrayList<>()).add(parts[1]);
        }
        return settings;
    }
}
