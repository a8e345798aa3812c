package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.SmallDisk;
import dev.musicfs.testkit.TranslatedLocale;
import dev.musicfs.testkit.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A daemon whose catalog lies on a disk that takes nothing more. */
class FullDiskIT {
    private static final int NOT_READY = 3;

    @TempDir
    Path dir;

    /** What a disk lacks. */
    enum Missing {
        BYTES {
            @Override
            void from(SmallDisk disk) {
                disk.fill();
            }
        },
        INODES {
            @Override
            void from(SmallDisk disk) {
                disk.fillWithFiles();
            }
        };

        abstract void from(SmallDisk disk);
    }

    /** Without a store, which would give way to the catalog. */
    @Test
    @Resilience({"2.8", "6.2"})
    void whatChangesWhileItIsFullIsShownOnceThereIsRoomAndAllElseMeanwhile() throws Exception {
        try (SmallDisk disk = disk()) {
            SampleMount it = sample("0");
            it.put("retagged.flac", "Before");
            try (DaemonProcess daemon = it.start()) {
                daemon.awaitOutput("musicfs: scanned ");
                List<String> names = it.names();
                SortedMap<String, String> right = it.right();
                assertThat(names).containsAll(right.keySet());
                assertThat(it.shows("Before")).isTrue();
                disk.fill();
                Path added = it.put("added.flac", "Meanwhile");
                it.put("retagged.flac", "After");
                daemon.await(
                        () -> {
                            disk.fill();
                            return daemon.output().contains("is not in step: cannot change the catalog");
                        },
                        "the catalog to take nothing more");

                daemon.await(() -> it.status().catalog().startsWith("not up to date: "), "the status to say so");
                daemon.await(() -> it.state().equals("degraded"), "the daemon to be degraded");
                Shell status = it.command("status");
                assertThat(status.exitCode()).as(status.output()).isEqualTo(NOT_READY);
                assertThat(status.output()).contains("degraded", "catalog: not up to date", "make room on its disk");
                assertThat(it.names()).isEqualTo(names);
                assertThat(it.reads(right)).as(daemon.output()).isTrue();
                assertThat(daemon.isAlive()).isTrue();

                disk.makeRoom();
                daemon.await(() -> it.shows("Meanwhile") && it.shows("After"), "what changed meanwhile");
                daemon.await(() -> !it.shows("Before"), "what was there before to be gone");
                daemon.await(() -> it.state().equals("ready"), "the daemon to be well");
                assertThat(it.status().catalog()).isEqualTo("healthy");
                assertThat(it.status().uncaughtFailures()).isZero();
                assertThat(it.reads(right)).as(daemon.output()).isTrue();
                assertThat(Trees.hashes(it.mount()).values()).contains(Trees.sha256(added));
                it.end(daemon);
            }
        }
    }

    /** However the one before came to its end: in order on a disk with room or without, or not. */
    @ParameterizedTest
    @Resilience({"2.8", "6.2"})
    @CsvSource({
        "BYTES,TERM",
        "BYTES,FULL_TERM",
        "BYTES,FULL_KILL",
        "INODES,TERM",
        "INODES,FULL_TERM",
        "INODES,FULL_KILL"
    })
    void aStartOnAFullDiskServesWhatIsKnown(Missing missing, String before) throws Exception {
        try (SmallDisk disk = disk()) {
            SampleMount it = sample("64MiB");
            List<String> names;
            SortedMap<String, String> right = it.right();
            try (DaemonProcess daemon = it.start()) {
                daemon.awaitOutput("musicfs: scanned ");
                names = it.names();
                assertThat(names).containsAll(right.keySet());
                assertThat(Trees.hashes(it.mount())).isEqualTo(right);
                if (before.startsWith("FULL")) {
                    missing.from(disk);
                }
                if (before.endsWith("KILL")) {
                    daemon.signal("KILL");
                    daemon.await(daemon::isKilled, "its end");
                } else {
                    it.end(daemon);
                }
            }
            missing.from(disk);
            try (DaemonProcess daemon = it.start()) {
                daemon.awaitOutput("musicfs: serving ");
                assertThat(it.names()).isEqualTo(names);
                daemon.awaitOutput("musicfs: scanned ");
                missing.from(disk);
                assertThat(it.names()).isEqualTo(names);
                assertThat(it.reads(right)).as(daemon.output()).isTrue();

                disk.makeRoom();
                it.put("added.flac", "Afterwards");
                daemon.await(() -> it.shows("Afterwards"), "a file that was added");
                daemon.await(() -> it.state().equals("ready"), "the daemon to be well");
                assertThat(it.status().uncaughtFailures()).isZero();
                it.end(daemon);
            }
        }
    }

    /** As when everything before it was killed on a full disk as well. */
    @ParameterizedTest
    @Resilience({"2.8", "6.2"})
    @EnumSource(Missing.class)
    void withoutAnyRoomAStartIsRefusedInASentenceAndTheNextOneServesWhatIsKnown(Missing missing) throws Exception {
        try (SmallDisk disk = disk()) {
            SampleMount it = sample("64MiB");
            SortedMap<String, String> right = it.readOnce();
            Shell.require("rm", "-r", it.cache().resolve("spare").toString());
            missing.from(disk);
            assertRefused(it, "cannot open the catalog " + it.cache().resolve("catalog.db"), "make room on its disk");

            disk.makeRoom();
            try (DaemonProcess daemon = it.start()) {
                daemon.awaitOutput("musicfs: scanned ");
                assertThat(Trees.hashes(it.mount())).isEqualTo(right);
                assertThat(daemon.output()).doesNotContain("damaged-", "restored");
                it.end(daemon);
            }
        }
    }

    @ParameterizedTest
    @Resilience("2.8")
    @EnumSource(Missing.class)
    void aFirstStartOnAFullDiskIsRefusedInASentence(Missing missing) throws Exception {
        try (SmallDisk disk = disk()) {
            SampleMount it = sample("64MiB");
            missing.from(disk);
            assertRefused(it, it.cache().toString(), "its disk is full", "make room on it", "--cache-dir");
            disk.makeRoom();
            Files.createDirectories(it.cache());
            missing.from(disk);
            assertRefused(it, it.cache().toString(), "its disk is full", "make room on it", "--cache-dir");
            disk.makeRoom();
            assertThat(it.readOnce()).isNotEmpty();
        }
    }

    @Test
    @Resilience({"2.8", "R.7"})
    void aFirstStartOnAFullDiskIsRefusedInTheSameSentenceWhereTheSystemSpeaksAnotherLanguage() throws Exception {
        Map<String, String> german = TranslatedLocale.in(Files.createDirectory(dir.resolve("locales")));
        try (SmallDisk disk = disk()) {
            SampleMount it = sample("64MiB");
            Files.createDirectories(it.cache());
            disk.fill();
            assertRefused(german, it, it.cache().toString(), "its disk is full", "make room on it", "--cache-dir");
        }
    }

    private SmallDisk disk() {
        return SmallDisk.on(dir.resolve("disk"), "32m", 400);
    }

    private SampleMount sample(String store) throws Exception {
        return SampleMount.in(dir, dir.resolve("disk/cache"), store);
    }

    private static void assertRefused(SampleMount it, String... sentence) throws Exception {
        assertRefused(Map.of(), it, sentence);
    }

    private static void assertRefused(Map<String, String> environment, SampleMount it, String... sentence)
            throws Exception {
        try (DaemonProcess daemon = it.start(environment)) {
            assertThat(daemon.awaitExit()).as(daemon.output()).isEqualTo(1);
            assertThat(daemon.output().strip().lines()).hasSize(1);
            assertThat(daemon.output()).contains(sentence).doesNotContain("permission", "Exception");
            assertThat(daemon.isMounted()).isFalse();
        }
    }
}
