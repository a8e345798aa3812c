package dev.musicfs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.ConfigLoader;
import dev.musicfs.config.ConfigLoader.Flags;
import dev.musicfs.config.LoadedConfig;
import dev.musicfs.config.Problem;
import dev.musicfs.doctor.Finding.Verdict;
import dev.musicfs.origin.registry.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretChecksTest {
    private static final String SECRET = "hunter2";

    @TempDir
    private Path dir;

    private Path key;
    private Path password;
    private Path config;

    @BeforeEach
    void makesSecretsOfTheOwnersAlone() throws IOException {
        key = put("id_key", "rw-------");
        password = put("password", "r--------");
        config = dir.resolve("musicfs.toml");
        write("identity_file = \"" + key + "\"\npassword_file = \"" + password + "\"\nknown_hosts = \""
                + put("known_hosts", "rw-r--r--") + "\"");
    }

    @Test
    void findsNothingWhenTheyAreTheOwnersAlone() throws IOException {
        assertThat(look())
                .singleElement()
                .matches(each -> each.verdict() == Verdict.OK && each.text().contains("(2)"));
        mode(config, "rw-r--r--");
        assertThat(look())
                .as("a configuration that only names them may be read by everybody")
                .singleElement()
                .matches(each -> each.verdict() == Verdict.OK);
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----, true", "rw----r--, true", "rw--w----, true", "rw-----w-, true", "rwx--x--x, false"})
    void warnsOfAFileThatOthersMayReadOrWrite(String mode, boolean warned) throws IOException {
        mode(key, mode);
        mode(password, mode);
        List<Finding> found = look();
        assertThat(found).hasSize(warned ? 2 : 1);
        if (warned) {
            assertThat(found).allMatch(each -> each.verdict() == Verdict.WARNING);
            assertThat(found.get(0).text()).contains(key + " (identity_file of nas)");
            assertThat(found.get(0).remedy()).contains("Run: chmod 600 " + key);
            assertThat(found.get(1).text()).contains(password + " (password_file of nas)");
            assertThat(found.get(1).remedy()).contains("Run: chmod 600 " + password);
        } else {
            assertThat(found).allMatch(each -> each.verdict() == Verdict.OK);
        }
    }

    @Test
    void warnsOfOneThatIsMissingOrNoFileOrCannotBeRead() throws IOException {
        Files.delete(key);
        Files.delete(password);
        Files.createDirectory(password);
        List<Finding> found = look();
        assertThat(found).hasSize(2).allMatch(each -> each.verdict() == Verdict.WARNING);
        assertThat(found.get(0).text()).contains(key.toString(), "does not exist");
        assertThat(found.get(0).remedy().orElseThrow()).contains("chmod 600 " + key);
        assertThat(found.get(1).text()).contains(password.toString(), "is a directory");

        makesSecretsOfTheOwnersAlone();
        assertThat(look(file -> !file.equals(key)))
                .singleElement()
                .matches(
                        each -> each.verdict() == Verdict.WARNING && each.text().contains("cannot be read"))
                .matches(each -> each.remedy().orElseThrow().contains("chmod 600 " + key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password = \"" + SECRET + "\"",
                "token = \"" + SECRET + "\"", // of another type, so a key that is not known
                "url = \"sftp://me:" + SECRET + "@nas/music\"",
                "[passwords]\npassword = \"" + SECRET + "\""
            })
    void warnsOfAConfigurationWithASecretInClearThatOthersMayRead(String line) throws IOException {
        write(line);
        mode(config, "rw-r--r--");
        assertThat(look())
                .singleElement()
                .matches(
                        each -> each.verdict() == Verdict.WARNING && each.text().contains(config.toString()))
                .matches(each -> each.remedy().orElseThrow().contains("nobody but the daemon's user read " + config));
        mode(config, "rw-------");
        assertThat(look()).singleElement().matches(each -> each.verdict() == Verdict.OK);
        assertThat(load().problems()).as("it is a problem all the same").isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password = \"" + SECRET + "\"",
                "passwrod = \"" + SECRET + "\"",
                "password = \"" + SECRET, // no TOML
                "password_file = \"" + SECRET + "\"",
                "password_env = [\"" + SECRET + "\"]",
                "url = \"sftp://me:" + SECRET + "@nas/music\"",
                "url = \"sftp://me:" + SECRET + "@na s/music\""
            })
    void nothingOfASecretIsTold(String line) throws IOException {
        write(line);
        mode(config, "rw-r--r--");
        LoadedConfig loaded = load();
        assertThat(loaded.problems()).isNotEmpty();
        assertThat(loaded.problems()).extracting(Problem::toString).noneMatch(text -> text.contains(SECRET));
        assertThat(look()).noneMatch(each -> each.toString().contains(SECRET));
    }

    @Test
    void aPasswordOrNumberInPlaceOfItsFileOrVariableIsNotTold() throws IOException {
        write("password_env = 4711");
        assertThat(load().problems()).hasSize(1).noneMatch(problem -> problem.toString()
                .contains("4711"));
    }

    @Test
    void aPasswordInAUrlOfTheCommandLineIsNotTold() {
        Flags flags = new Flags(Map.of(), List.of("s3://music?endpoint=http://me:" + SECRET + "@nas"));
        assertThat(new ConfigLoader(Backends.types())
                        .load(Optional.of(config), flags)
                        .problems())
                .hasSize(1)
                .noneMatch(problem -> problem.toString().contains(SECRET));
    }

    private List<Finding> look() throws IOException {
        return look(Files::isReadable);
    }

    private List<Finding> look(Predicate<Path> readable) {
        return new Doctor(Duration.ofSeconds(60)).examineBlocking(List.of(new SecretChecks(load(), readable).check()));
    }

    private LoadedConfig load() {
        return new ConfigLoader(Backends.types()).load(Optional.of(config), Flags.NONE);
    }

    private void write(String lines) throws IOException {
        String url = lines.contains("url = ") ? "" : "url = \"sftp://me@nas/music\"\n";
        Files.writeString(config, "[[origins]]\nid = \"nas\"\ntype = \"sftp\"\nenabled = false\n" + url + lines + "\n");
    }

    private Path put(String name, String mode) throws IOException {
        Path file = dir.resolve(name);
        if (Files.isDirectory(file)) {
            Files.delete(file);
        }
        Files.deleteIfExists(file);
        Files.writeString(file, SECRET);
        mode(file, mode);
        return file;
    }

    private static void mode(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
