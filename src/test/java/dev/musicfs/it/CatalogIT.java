package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.KernelPages;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a mount whose catalog is damaged, before it starts and while it serves. */
class CatalogIT {
    private static final int PAGE = 4096;

    @TempDir
    Path dir;

    private SampleMount it;
    private Path catalog;

    @BeforeEach
    void prepare() throws IOException {
        it = SampleMount.in(dir);
        catalog = it.cache().resolve("catalog.db");
    }

    @ParameterizedTest
    @Resilience("2.4")
    @ValueSource(strings = {"missing", "truncated", "garbage", "directory"})
    void aStartWithADamagedCatalogServesTheTreeOfItsBackupAndScans(String damage) throws Exception {
        String before;
        try (DaemonProcess daemon = it.scanned()) {
            before = it.listing();
            end(daemon);
        }
        backUp();
        switch (damage) {
            case "missing" -> Files.delete(catalog);
            case "truncated" -> {
                try (RandomAccessFile file = new RandomAccessFile(catalog.toFile(), "rw")) {
                    file.setLength(file.length() / 2);
                }
            }
            case "garbage" -> Files.writeString(catalog, "What is this?\n".repeat(10_000));
            default -> {
                Files.delete(catalog);
                Files.createDirectory(catalog);
            }
        }
        // With the origin away only the backup knows the library.
        Path away = Files.move(it.origin(), dir.resolve("away"));
        try (DaemonProcess daemon = it.serving()) {
            assertThat(it.listing()).as(daemon.output()).isEqualTo(before);
            assertThat(daemon.output()).contains("restored from the backup catalog.db.backup-1");
            assertThat(daemon.output()).doesNotContain(SampleMount.traces()).doesNotContain("ERROR");
            Files.move(away, it.origin());
            assertThat(Trees.hashes(it.mount())).isEqualTo(it.right());
            end(daemon);
        }
        try (DaemonProcess daemon = it.scanned()) {
            assertThat(it.listing()).isEqualTo(before);
            // A machine that stands still for 2 s makes Vert.x warn of itself.
            assertThat(daemon.output().lines().filter(line -> !line.contains("BlockedThreadChecker")))
                    .noneMatch(line -> line.contains("WARN"));
        }
    }

    @Test
    @Resilience("2.4")
    void aDamagedCatalogWithoutABackupIsReadAnewWithNewInodeNumbers() throws Exception {
        List<String> before;
        String inodes;
        try (DaemonProcess daemon = it.scanned()) {
            before = names();
            inodes = it.listing();
            end(daemon);
        }
        Files.writeString(catalog, "What is this?\n".repeat(10_000));
        try (DaemonProcess daemon = it.scanned()) {
            assertThat(names()).as(daemon.output()).isEqualTo(before);
            assertThat(it.listing().lines().map(CatalogIT::inode))
                    .doesNotContainAnyElementsOf(
                            inodes.lines().map(CatalogIT::inode).toList());
            assertThat(daemon.output()).contains("there is no backup");
        }
    }

    /** What was read before is in memory, so the damage may be met by whatever: a read, the scan, the end. */
    @Test
    @Resilience({"2.4", "6.2"})
    void aCatalogThatIsOverwrittenInUseIsServedOnAsFarAsItGoesAndRestoredAtTheNextStart() throws Exception {
        String before;
        SortedMap<String, String> right = it.right();
        try (DaemonProcess daemon = it.scanned()) {
            before = it.listing();
            end(daemon);
        }
        backUp();
        try (DaemonProcess daemon = it.scanned()) {
            assertThat(Trees.hashes(it.mount())).isEqualTo(right);
            overwrite();
            Files.copy(
                    TestAudio.track(TestAudio.Spec.of(AudioEncoding.FLAC).with("title", "Afterwards")),
                    it.origin().resolve("afterwards.flac"));
            daemon.awaitOutput("is damaged");
            assertThat(daemon.isAlive()).isTrue();
            // Its tree is known to the kernel or to the tree's cache; for the bytes the daemon is asked.
            KernelPages.drop(it.mount());
            assertThat(Trees.hashes(it.mount())).isEqualTo(right);
            daemon.await(() -> status().contains("catalog: damaged"), "the status to say so");
            assertThat(status()).contains("degraded");
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
        }
        assertThat(it.cache().resolve("catalog.db.suspect")).exists();
        try (DaemonProcess daemon = it.scanned()) {
            assertThat(daemon.output()).contains("restored from the backup");
            assertThat(it.listing()).contains("Afterwards");
            assertThat(it.listing().lines().filter(line -> !line.contains("Afterwards")))
                    .containsAll(before.lines().toList());
            assertThat(status()).contains("catalog: healthy");
        }
    }

    @Test
    @Resilience("2.4")
    void aCatalogOfANewerProgramIsRefusedAndNothingIsMounted() throws Exception {
        try (DaemonProcess daemon = it.scanned()) {
            end(daemon);
        }
        backUp();
        sql("INSERT INTO schema_version (version, name) VALUES (1000, 'later')");
        try (DaemonProcess daemon = DaemonProcess.start(it.mount(), it.cache(), it.origin())) {
            assertThat(daemon.awaitExit()).isEqualTo(1);
            assertThat(daemon.output()).contains("use a newer MusicFS").doesNotContain(SampleMount.traces());
            assertThat(daemon.isMounted()).isFalse();
        }
        assertThat(catalog).exists();
        assertThat(it.cache().resolve("catalog.db.damaged-1")).doesNotExist();
    }

    /** As another program that looks into the catalog may do, for longer than a change waits. */
    @Test
    @Resilience("6.2")
    void aCatalogThatIsLockedInUseIsReadOnAndChangedOnceItIsFree() throws Exception {
        try (DaemonProcess daemon = it.scanned()) {
            SortedMap<String, String> right = it.right();
            assertThat(Trees.hashes(it.mount())).isEqualTo(right);
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + catalog);
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                Files.copy(
                        TestAudio.track(TestAudio.Spec.of(AudioEncoding.FLAC).with("title", "Afterwards")),
                        it.origin().resolve("afterwards.flac"));
                daemon.awaitOutput("locked");
                KernelPages.drop(it.mount());
                assertThat(Trees.hashes(it.mount())).isEqualTo(right);
                statement.execute("ROLLBACK");
            }
            daemon.await(() -> it.shows("Afterwards"), "the change");
            assertThat(daemon.output()).doesNotContain(SampleMount.traces());
            end(daemon);
        }
    }

    private static void end(DaemonProcess daemon) throws Exception {
        daemon.signal("TERM");
        assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
    }

    /** As the daemon makes it after a minute. */
    private void backUp() throws Exception {
        sql("VACUUM INTO '" + it.cache().resolve("catalog.db.backup-1") + "'");
    }

    private void sql(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + catalog);
                Statement each = connection.createStatement()) {
            each.executeUpdate(statement);
        }
    }

    /** All pages but the first, which every transaction looks at. */
    private void overwrite() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(catalog.toFile(), "rw")) {
            byte[] garbage = new byte[Math.toIntExact(file.length() - PAGE)];
            new Random(1).nextBytes(garbage);
            file.seek(PAGE);
            file.write(garbage);
        }
    }

    private String status() {
        try {
            return DaemonProcess.run("status", "--cache-dir", it.cache().toString())
                    .output();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> names() throws Exception {
        return it.listing().lines().map(line -> line.split(" ", 2)[1]).toList();
    }

    private static String inode(String line) {
        return line.split(" ", 2)[0];
    }
}
