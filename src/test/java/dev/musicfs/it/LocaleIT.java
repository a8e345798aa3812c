package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.TranslatedLocale;
import dev.musicfs.testkit.Trees;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users whose language has digits of its own, and those with two letters i. */
class LocaleIT {
    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"ar_EG", "fa_IR", "bn_BD", "my_MM", "tr_TR"})
    void whatIsShownSaidAndWrittenIsWhatItIsInEveryOtherLanguage(String locale) throws Exception {
        Map<String, String> environment = TranslatedLocale.in(Files.createDirectory(dir.resolve("locales")), locale);
        SampleMount it = SampleMount.in(dir);
        // In Turkish the small I of this name's extension would be none that begins a word such as "aiff".
        Path shouted = TestAudio.copy(
                TestAudio.Spec.of(AudioEncoding.AIFF).with("title", "TITLE"),
                it.origin().resolve("INSIDE.AIFF"));
        List<String> right = new ArrayList<>(it.right().values());
        right.add(Trees.sha256(shouted));
        try (DaemonProcess daemon = it.start(environment)) {
            daemon.awaitOutput("musicfs: scanned ");
            daemon.awaitCommands(it.cache());
            assertThat(Trees.hashes(it.mount()).values())
                    .as(daemon.output())
                    .containsExactlyInAnyOrderElementsOf(right);
            Shell status = said(environment, "status", "--cache-dir", it.cache().toString());
            assertThat(status.exitCode()).as(status.output()).isZero();
            assertThat(status.output()).containsPattern("[0-9]").matches("\\p{ASCII}*");
            assertThat(said(
                                    environment,
                                    "doctor",
                                    "-c",
                                    it.config().toString(),
                                    "--cache-dir",
                                    it.cache().toString())
                            .output())
                    .matches("\\p{ASCII}*");
            it.end(daemon);
            assertThat(daemon.output())
                    .containsPattern("(?m)^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+")
                    .matches("\\p{ASCII}*");
        }
    }

    private static Shell said(Map<String, String> environment, String... words) throws Exception {
        List<String> command = new ArrayList<>(DaemonProcess.javaJar());
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Shell(process.waitFor(), output);
    }
}
