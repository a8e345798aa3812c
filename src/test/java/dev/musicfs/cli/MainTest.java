package dev.musicfs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.posix.MountTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Map<String, String> environment = Map.of();

    @TempDir
    private Path directory;

    private Path empty;

    @BeforeEach
    void writesAnEmptyConfiguration() throws IOException {
        empty = Files.writeString(directory.resolve("empty.toml"), "");
    }

    @AfterEach
    void disarms() {
        Failpoints.disarmAll();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "frobnicate",
                "--nonsense",
                "config",
                "umount",
                "umount /a /b",
                "mount -c EMPTY",
                "mount -c EMPTY /m",
                "mount -c EMPTY --origin /a",
                "mount -c EMPTY --origin",
                "mount -c EMPTY /m /n --origin /a",
                "mount -c EMPTY /m --origin /a --nonsense",
                "mount -c EMPTY /m --origin /a -o nonsense=1",
                "mount -c EMPTY /m --origin /a -o uid=me",
                "mount -c EMPTY /m --origin gopher://old",
                "mount -c EMPTY /a/m --origin /a"
            })
    void answersMisuseWithASentenceAndExitCodeTwo(String line) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(err()).startsWith("musicfs: ").contains("--help").doesNotContain("\tat ");
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "mount --help", "umount --help", "config --help", "config check -h"})
    void explainsItself(String line) {
        assertThat(run(line)).isZero();
        assertThat(out()).startsWith("Usage: musicfs").doesNotContain("--detached", "--failpoints");
        assertThat(err.size()).isZero();
    }

    @Test
    void refusesFailpointsInTheEnvironmentUnlessToldToArmThem() {
        environment = Map.of("FAILPOINTS", "db-open-corrupt=return(CORRUPT)");

        assertThat(run("mount -c EMPTY " + directory + "/none --origin " + directory))
                .isEqualTo(2);
        assertThat(err().lines().findFirst().orElseThrow())
                .isEqualTo("musicfs: the environment variable FAILPOINTS would make things go wrong, which is for tests"
                        + " only; unset it");
        assertThatCode(() -> Failpoints.hit(Failpoint.DB_OPEN_CORRUPT)).doesNotThrowAnyException();
    }

    @Test
    void armsFailpointsBeforeAnythingElseWhenTold() {
        environment = Map.of("FAILPOINTS", "db-open-corrupt=return(CORRUPT)");

        assertThat(run("mount --failpoints -c " + directory + "/none")).isEqualTo(1);
        assertThatThrownBy(() -> Failpoints.hit(Failpoint.DB_OPEN_CORRUPT)).hasMessage("failpoint db-open-corrupt");
    }

    @Test
    void warnsThatFailpointsAreArmed() throws Exception {
        ProcessBuilder program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "mount",
                        "--failpoints",
                        "-c",
                        empty.toString())
                .redirectErrorStream(true);
        program.environment().put("FAILPOINTS", "cas-rename=off");
        Process child = program.start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(child.waitFor()).as(said).isEqualTo(2);
        assertThat(said.lines().findFirst().orElseThrow()).contains(" WARN ", "armed", "cas-rename=off");
    }

    @Test
    void refusesFailpointsThatMakeNoSense() {
        environment = Map.of("FAILPOINTS", "cas-rename=frobnicate");

        assertThat(run("mount --failpoints -c EMPTY")).isEqualTo(2);
        assertThat(err()).contains("cas-rename", "at character 1", "frobnicate");
    }

    @Test
    void takesTheFlagAloneForNothing() {
        environment = Map.of("FAILPOINTS", "");

        assertThat(run("mount --failpoints -c EMPTY")).isEqualTo(2);
        assertThat(err()).startsWith("musicfs: no origin");
    }

    @Test
    void saysItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out()).matches("musicfs \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\s+");
    }

    @Test
    void checksAGoodFile() {
        assertThat(run("config check -c EMPTY")).isZero();
        assertThat(out()).isEqualTo(empty + ": good" + System.lineSeparator());
    }

    @Test
    void namesAllThatIsWrongWithAFileAndFails() throws IOException {
        Files.writeString(empty, "template = 1\nbogus = 2\n");

        assertThat(run("config check -c EMPTY")).isEqualTo(1);
        assertThat(err().lines())
                .containsExactly(
                        "musicfs: " + empty + ":1: template must be a string, not 1",
                        "musicfs: " + empty + ":2: bogus is not a key of this version");
    }

    @Test
    void showsAStackTraceOnlyWhenAsked() {
        assertThat(run("config check -c " + directory + "/none")).isEqualTo(1);
        assertThat(err()).contains("no such file").doesNotContain("\tat ");

        assertThat(run("config check --debug -c " + directory + "/none")).isEqualTo(1);
        assertThat(err()).contains("\tat ");
    }

    @Test
    void refusesToUnmountWhatIsNotItsOwn() {
        assertThat(run("umount " + directory)).isEqualTo(1);
        assertThat(err()).startsWith("musicfs: nothing is mounted on ");

        err.reset();
        assertThat(run("umount /proc")).isEqualTo(1);
        assertThat(err()).contains("and not of MusicFS");
    }

    @Test
    void readsMountOptionsAsMountDoes() {
        var flags = MountOptions.parse(List.of("rw,uid=5,_netdev,x-systemd.automount,allow_other", "uid=6"));

        assertThat(flags.keySet()).containsExactlyInAnyOrder("fuse.uid", "fuse.allow_other");
        assertThat(flags.get("fuse.uid").text()).isEqualTo("6");
        assertThat(flags.get("fuse.allow_other").text()).isEqualTo("true");
    }

    @Test
    void findsAMountWithSpacesInItsName() {
        List<String> table = List.of(
                "36 35 98:0 / /mnt/my\\040music rw,noatime shared:1 - fuse.musicfs musicfs rw",
                "37 35 98:0 / /srv rw - ext4 /dev/sda1 rw");

        assertThat(MountTable.parse(table).at(Path.of("/mnt/my music")))
                .hasValueSatisfying(entry -> assertThat(entry.isMusicFs()).isTrue());
        assertThat(MountTable.parse(table).at(Path.of("/srv")))
                .hasValueSatisfying(entry -> assertThat(entry.isMusicFs()).isFalse());
    }

    @Test
    void repeatsTheJvmsOptionsForTheDetachedProcess() {
        byte[] line = "java\0-Xmx256m\0-jar\0a.jar\0mount\0/m\0-d\0".getBytes(StandardCharsets.UTF_8);
        String java = System.getProperty("java.home") + "/bin/java";

        assertThat(OwnCommand.java(line, List.of("mount", "/m", "-d")))
                .containsExactly(java, "-Xmx256m", "-jar", "a.jar");
        assertThat(OwnCommand.java(line, List.of("mount", "/other")))
                .startsWith(java, "-cp")
                .endsWith("dev.musicfs.cli.Main");
    }

    private int run(String line) {
        String[] args = line.isEmpty()
                ? new String[0]
                : line.replace("EMPTY", empty.toString()).split(" ");
        return Main.run(
                args,
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
