package dev.musicfs.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.Errno;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SmallDisk;
import dev.musicfs.testkit.TranslatedLocale;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a child whose C library speaks German, errors of the system are what they are in English. */
class TranslatedErrorsTest {
    @TempDir
    private static Path dir;

    private static final Map<String, Seen> SEEN = new TreeMap<>();

    private record Seen(String errno, String kind, String text) {}

    @BeforeAll
    static void looks() throws Exception {
        try (SmallDisk full = SmallDisk.on(dir.resolve("full"), "64k");
                SmallDisk readOnly = SmallDisk.on(dir.resolve("readonly"), "64k")) {
            full.fill();
            readOnly.makeReadOnly();
            look(TranslatedLocale.in(Files.createDirectory(dir.resolve("locales"))));
        }
    }

    private static void look(Map<String, String> environment) throws IOException, InterruptedException {
        List<String> command = List.of(
                "bash",
                "-c",
                "ulimit -n 256 && exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TranslatedErrors.class.getName(),
                dir.resolve("full").toString(),
                dir.resolve("readonly").toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        environment.forEach((name, value) -> {
            builder.environment().put(name, value);
            builder.environment().remove(name, "");
        });
        Process child = builder.start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(output).isZero();
        output.lines()
                .map(line -> line.split("\\|", 4))
                .forEach(cells -> SEEN.put(cells[0], new Seen(cells[1], cells[2], cells[3])));
    }

    @Test
    @Resilience("R.7")
    void aFullAReadOnlyAndABrokenDiskAreTold() {
        assertThat(SEEN.get("full"))
                .isEqualTo(new Seen(
                        "ENOSPC", "NO_SPACE", "Auf dem Ger\u00e4t ist kein Speicherplatz mehr verf\u00fcgbar"));
        assertThat(SEEN.get("readOnly")).isEqualTo(new Seen("EROFS", "READ_ONLY", "Das Dateisystem ist nur lesbar"));
        assertThat(SEEN.get("broken")).isEqualTo(new Seen("EIO", "UNAVAILABLE", "Eingabe-/Ausgabefehler"));
    }

    @Test
    @Resilience("R.7")
    void whatIsInTheWayAndAWantOfDescriptorsAreTold() {
        assertThat(SEEN.get("belowFile")).isEqualTo(new Seen("ENOTDIR", "UNAVAILABLE", "Ist kein Verzeichnis"));
        assertThat(SEEN.get("loop").errno()).isEqualTo("ELOOP");
        assertThat(SEEN.get("ontoDirectory")).isEqualTo(new Seen("EISDIR", "UNAVAILABLE", "Ist ein Verzeichnis"));
        assertThat(SEEN.get("missing").kind()).isEqualTo("NOT_FOUND");
        assertThat(SEEN.get("descriptors").errno()).isEqualTo("EMFILE");
    }

    @Test
    @Resilience("R.7")
    void everyNumberIsFoundByItsTranslation() {
        Map<String, String> found = Arrays.stream(Errno.values())
                .collect(Collectors.toMap(
                        Enum::name, each -> SEEN.get(each.name()).errno()));

        assertThat(found).allSatisfy((name, errno) -> assertThat(errno).isEqualTo(name));
        assertThat(SEEN.get("ESTALE").kind()).isEqualTo("STALE");
        assertThat(SEEN.get("ESTALE").text()).isNotEqualTo("Stale file handle");
    }
}
