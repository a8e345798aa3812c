package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration of the real jar is changed while it serves. */
class ReloadIT {
    private static final FileTime OLD = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));
    private static final FileTime NEW = FileTime.from(Instant.parse("2020-02-02T00:00:00Z"));

    @TempDir
    Path dir;

    private Path first;
    private Path second;
    private Path mount;
    private Path cache;
    private Path config;

    @BeforeEach
    void prepare() throws IOException {
        first = Files.createDirectories(dir.resolve("first"));
        second = Files.createDirectories(dir.resolve("second"));
        mount = Files.createDirectories(dir.resolve("mount"));
        cache = dir.resolve("cache");
        config = dir.resolve("musicfs.toml");
        track("Shared", first, OLD);
        track("Shared", second, NEW);
        track("Alone", second, NEW);
    }

    @Test
    @Resilience("3.6")
    void aGoodFileIsAppliedWhileTheMountServesAndABadOneChangesNothing() throws Exception {
        configure("info", origin("first", first, ""));
        try (DaemonProcess daemon = DaemonProcess.configured(Map.of(), mount, cache, config)) {
            daemon.awaitOutput("musicfs: scanned ");
            daemon.await(() -> shown("Shared").size() == 1, "the first origin's track");
            Object inode = Files.getAttribute(shown("Shared").get(0), "unix:ino");
            assertThat(shown("Alone")).isEmpty();

            configure("debug", origin("first", first, ""), origin("second", second, "priority = 200"));
            daemon.signal("HUP");
            daemon.awaitOutput("Configuration: origins.second: nothing -> local origin, applied.");
            daemon.awaitOutput("Configuration: logging.level: info -> debug, applied.");
            daemon.await(() -> shown("Alone").size() == 1, "the second origin's tracks");
            assertThat(modified("Shared")).isEqualTo(OLD);

            configure("info", origin("first", first, ""), origin("second", second, "priority = 1"));
            daemon.signal("HUP");
            daemon.awaitOutput("Configuration: origins.second.priority: 200 -> 1, applied.");
            daemon.await(() -> modified("Shared").equals(NEW), "the second origin's copy to lead");
            assertThat(shown("Shared")).hasSize(1);
            assertThat(Files.getAttribute(shown("Shared").get(0), "unix:ino")).isEqualTo(inode);

            Map<String, String> before = Trees.hashes(mount);
            Files.writeString(config, "tempalte = '$title'\n[cache]\nsize = 'lots'\n");
            daemon.signal("HUP");
            daemon.awaitOutput("The configuration is left as it was: ");
            assertThat(daemon.output()).contains("tempalte").contains("cache.size");
            Shell refused = run("config", "reload");
            assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
            assertThat(refused.output()).contains("tempalte").contains("cache.size");
            assertThat(Trees.hashes(mount)).isEqualTo(before).hasSize(2);

            configure("info", origin("first", first, ""), origin("second", second, "priority = 1\nenabled = false"));
            Shell disabled = run("config", "reload");
            assertThat(disabled.exitCode()).as(disabled.output()).isZero();
            assertThat(disabled.output()).contains("origins.second.enabled: true -> false, applied");
            daemon.await(() -> modified("Shared").equals(OLD), "the first origin's copy to lead");
            assertThat(shown("Alone")).as("unknown is not absent").hasSize(1);
            assertThat(Trees.sha256(shown("Shared").get(0))).isEqualTo(Trees.sha256(first.resolve("Shared.flac")));

            Files.writeString(config, Files.readString(config).replace("'$title.$format'", "'Tracks/$title.$format'"));
            Shell placed = run("config", "reload");
            assertThat(placed.exitCode()).as(placed.output()).isZero();
            assertThat(placed.output()).contains("template: $title.$format -> Tracks/$title.$format, applied");
            daemon.await(() -> Files.exists(mount.resolve("Tracks/Shared.flac")), "the track in its new place");
            assertThat(mount.resolve("Shared.flac")).doesNotExist();
            assertThat(Files.getAttribute(mount.resolve("Tracks/Shared.flac"), "unix:ino"))
                    .isEqualTo(inode);

            Files.writeString(config, "drain_timeout = '30s'\n" + Files.readString(config));
            Shell cold = run("config", "reload");
            assertThat(cold.exitCode()).as(cold.output()).isZero();
            assertThat(cold.output()).contains("drain_timeout: 20s -> 30s, needs a restart");
            assertThat(daemon.output()).contains("drain_timeout: 20s -> 30s, needs a restart.");

            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.isMounted()).isFalse();
            assertThat(daemon.output()).contains("0 phases unfinished").doesNotContain("Uncaught");
        }
        Shell nobody = run("config", "reload");
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.output()).contains("no MusicFS is running");
    }

    private Shell run(String... words) throws Exception {
        return DaemonProcess.run(
                words,
                "--cache-dir",
                cache.toString(),
                "-c",
                dir.resolve("empty.toml").toString());
    }

    private void configure(String level, String... origins) throws IOException {
        Files.writeString(dir.resolve("empty.toml"), "");
        Files.writeString(
                config, "template = '$title.$format'\n[logging]\nlevel = '" + level + "'\n" + String.join("", origins));
    }

    private static String origin(String id, Path path, String more) {
        return "[[origins]]\nid = '" + id + "'\npath = '" + path + "'\n" + more + "\n";
    }

    private static void track(String title, Path origin, FileTime modified) throws IOException {
        Path file = origin.resolve(title + ".flac");
        TestAudio.copy(TestAudio.Spec.of(AudioEncoding.FLAC).with("title", title), file);
        Files.setLastModifiedTime(file, modified);
    }

    private List<Path> shown(String title) {
        return Trees.files(mount).stream()
                .filter(file -> file.getFileName().toString().equals(title + ".flac"))
                .toList();
    }

    private FileTime modified(String title) {
        try {
            return Files.getLastModifiedTime(shown(title).get(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
