package dev.musicfs.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.Clock;
import dev.musicfs.testkit.Resilience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogRecoveryTest extends CatalogBench {
    private static final OriginId DISK = new OriginId("disk");
    private static final int TRACKS = 2_000;
    /** Behind the pages that are read when a catalog is opened. */
    private static final long MIDDLE = 40 * 4096L;

    @ParameterizedTest
    @Resilience("2.4")
    @EnumSource(CatalogDamage.class)
    void aDamagedCatalogIsSetAsideAndRestoredFromItsBackup(CatalogDamage damage) throws Exception {
        long newest;
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, TRACKS);
            catalog.it.maintenance().backUpBlocking();
            newest = catalog.add(TRACKS, 1);
        }
        damage.doTo(file);
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(TRACKS);
            assertThat(catalog.writer.nextFileId()).isGreaterThan(newest);
            assertThat(catalog.writer.nextNodeId().value()).isGreaterThan(newest);
            assertThat(catalog.it.maintenance().checkBlocking()).isTrue();
        }
        assertThat(names("catalog.db.damaged-")).hasSize(damage == CatalogDamage.MISSING ? 0 : 1);
        assertThat(names("catalog.db.restore")).isEmpty();
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(TRACKS);
        }
        assertThat(names("catalog.db.damaged-")).hasSizeLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @Resilience("2.4")
    @EnumSource(
            value = CatalogDamage.class,
            names = {"MISSING", "EMPTY"},
            mode = EnumSource.Mode.EXCLUDE)
    void withoutABackupTheCatalogIsMadeAnewAndNoNumberIsGivenOutAgain(CatalogDamage damage) throws Exception {
        long newest;
        try (OpenedCatalog catalog = open()) {
            newest = catalog.add(0, TRACKS);
        }
        damage.doTo(file);
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isZero();
            assertThat(catalog.writer.nextFileId()).isGreaterThan(newest);
            assertThat(catalog.writer.nextNodeId().value()).isGreaterThan(newest);
        }
        assertThat(names("catalog.db.damaged-1")).isNotEmpty();
    }

    /** In the middle nothing shows at the start: it is met by a read, a change or the check, while the catalog is in use. */
    @ParameterizedTest
    @Resilience({"2.4", "6.2"})
    @ValueSource(strings = {"read", "change", "check", "backup"})
    void damageInTheMiddleIsNotedWhereverItIsMetAndTheNextStartRestores(String how) throws Exception {
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, TRACKS);
            catalog.it.maintenance().backUpBlocking();
        }
        CatalogDamage.overwrite(file, MIDDLE, Files.size(file) - MIDDLE);
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.it.damage()).isEmpty();
            switch (how) {
                case "read" ->
                    assertThatThrownBy(() -> catalog.it.reader().filesInBlocking(DISK, new RealPath("folder")))
                            .isInstanceOfSatisfying(MusicFsException.class, e -> assertThat(e.kind())
                                    .isEqualTo(FailureKind.CORRUPT));
                case "change" ->
                    assertThatThrownBy(() -> catalog.add(TRACKS, 50)).isInstanceOf(Exception.class);
                case "check" ->
                    assertThat(catalog.it.maintenance().checkBlocking()).isFalse();
                default ->
                    assertThatThrownBy(() -> catalog.it.maintenance().backUpBlocking())
                            .isInstanceOf(MusicFsException.class);
            }
            assertThat(catalog.it.damage()).isPresent();
            assertThat(names("catalog.db.suspect")).hasSize(1);
            assertThat(names("catalog.db.backup")).as("no backup of damage").hasSize(1);
        }
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(TRACKS);
            assertThat(catalog.it.damage()).isEmpty();
            assertThat(catalog.it.maintenance().checkBlocking()).isTrue();
        }
        assertThat(names("catalog.db.suspect")).isEmpty();
        assertThat(names("catalog.db.damaged-1")).isNotEmpty();
    }

    @Test
    @Resilience("2.4")
    void aCatalogThatWasSuspectedWronglyIsKept() throws Exception {
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, TRACKS);
        }
        Files.writeString(directory.resolve("catalog.db.suspect"), "a bad cable\n");
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(TRACKS);
        }
        assertThat(names("catalog.db.suspect")).isEmpty();
        assertThat(names("catalog.db.damaged")).isEmpty();
    }

    @Test
    @Resilience("2.4")
    void aDamagedBackupIsPassedByForTheOneBeforeIt() throws Exception {
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, 3);
            catalog.it.maintenance().backUpBlocking();
            catalog.add(3, TRACKS);
            catalog.it.maintenance().backUpBlocking();
        }
        CatalogDamage.overwrite(directory.resolve("catalog.db.backup-2"), MIDDLE, 20 * 4096L);
        CatalogDamage.TRUNCATED.doTo(file);
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(3);
        }
    }

    @Test
    @Resilience("2.4")
    void aBackupOfANewerProgramIsPassedByAndKept() throws Exception {
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, 3);
            catalog.it.maintenance().backUpBlocking();
        }
        Path newer = directory.resolve("catalog.db.backup-2");
        Files.copy(directory.resolve("catalog.db.backup-1"), newer);
        CatalogDamage.sql(newer, "INSERT INTO schema_version (version, name) VALUES (1000, 'later')");
        Files.delete(file);
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(3);
        }
        assertThat(newer).exists();
    }

    @Test
    @Resilience("2.4")
    void whatIsNotDamagedIsRefusedAndLeftAsItIs() throws Exception {
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, 3);
            catalog.it.maintenance().backUpBlocking();
        }
        CatalogDamage.sql(file, "INSERT INTO schema_version (version, name) VALUES (1000, 'later')");
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> Catalog.openOrRecoverBlocking(file, Clock.system()))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID))
                .hasMessageContaining("newer MusicFS");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(names("catalog.db.damaged")).isEmpty();
    }

    @Test
    @Resilience("2.4")
    void aLockedCatalogIsNotTakenForADamagedOne() throws Exception {
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, 3);
        }
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            statement.execute("BEGIN EXCLUSIVE");
            assertThatThrownBy(() -> Catalog.openOrRecoverBlocking(file, Clock.system()))
                    .isInstanceOfSatisfying(
                            MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE))
                    .hasMessageContaining("locked");
        }
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(3);
        }
        assertThat(names("catalog.db.damaged")).isEmpty();
    }

    @Test
    @Resilience("2.4")
    void threeDamagedCatalogsAreKept() throws Exception {
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, 3);
            catalog.it.maintenance().backUpBlocking();
        }
        for (int time = 1; time <= 5; time++) {
            CatalogDamage.NO_DATABASE.doTo(file);
            try (OpenedCatalog catalog = open()) {
                assertThat(catalog.files()).isEqualTo(3);
            }
        }
        assertThat(names("catalog.db.damaged-"))
                .containsExactly("catalog.db.damaged-3", "catalog.db.damaged-4", "catalog.db.damaged-5");
    }

    /** The log of the old database must not be played into the one that follows. */
    @ParameterizedTest
    @Resilience("2.4")
    @MethodSource("crashes")
    void aCrashAmidTheRecoveryIsRecoveredFromByTheNextStart(String left, boolean logToo) throws Exception {
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, TRACKS);
            catalog.it.maintenance().backUpBlocking();
        }
        Path log = CatalogDatabase.walOf(file);
        Path copy = directory.resolve("copy-of-the-log");
        try (OpenedCatalog catalog = open()) {
            catalog.add(TRACKS, 100);
            Files.copy(log, copy);
        }
        if (logToo) {
            Files.copy(copy, log);
        }
        if (left.equals("set aside")) {
            Files.move(file, aside(1));
        } else {
            Files.delete(file);
            Files.writeString(directory.resolve(left), "half of a catalog");
        }
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(TRACKS);
            assertThat(catalog.it.maintenance().checkBlocking()).isTrue();
        }
        assertThat(names("catalog.db.restore")).isEmpty();
    }

    static Stream<Arguments> crashes() {
        return Stream.of("set aside", "catalog.db.restore.tmp", "catalog.db.backup.tmp")
                .flatMap(left -> Stream.of(arguments(left, false), arguments(left, true)));
    }

    @ParameterizedTest
    @Resilience("2.4")
    @ValueSource(strings = {"missing", "truncated", "garbage", "another's index"})
    void aLogThatIsDamagedLosesItsChangesAtMost(String how) throws Exception {
        Path log = CatalogDatabase.walOf(file);
        Path kept = directory.resolve("kept");
        Files.createDirectories(kept);
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, TRACKS);
        }
        try (OpenedCatalog catalog = open()) {
            catalog.add(TRACKS, 100);
            // As kill -9 leaves them.
            for (Path each : List.of(file, log, CatalogDatabase.shmOf(file))) {
                Files.copy(each, kept.resolve(each.getFileName()));
            }
        }
        Path there = kept.resolve("catalog.db");
        Path its = CatalogDatabase.walOf(there);
        switch (how) {
            case "missing" -> Files.delete(its);
            case "truncated" -> CatalogDamage.cut(its, Files.size(its) / 2);
            case "garbage" -> CatalogDamage.overwrite(its, 0, Files.size(its));
            default ->
                CatalogDamage.overwrite(CatalogDatabase.shmOf(there), 0, Files.size(CatalogDatabase.shmOf(there)));
        }
        file = there;
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.it.wasClosedInOrder()).isEqualTo(how.equals("missing"));
            assertThat(catalog.files()).isBetween((long) TRACKS, TRACKS + 100L);
            assertThat(catalog.it.maintenance().checkBlocking()).isTrue();
        }
    }

    @Test
    @Resilience("6.2")
    void aCatalogWhoseFileIsDeletedInUseIsServedOnAndSavedAsABackup() throws Exception {
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, TRACKS);
            assertThat(catalog.files()).isEqualTo(TRACKS);
            Files.delete(file);
            assertThat(catalog.it.maintenance().isInPlaceBlocking()).isFalse();
            catalog.it.maintenance().noteMisplacedBlocking();
            assertThat(catalog.it.damage()).isPresent();
            assertThat(catalog.files()).isEqualTo(TRACKS);
            catalog.it.maintenance().backUpBlocking();
            assertThat(file).as("no empty one takes its place").doesNotExist();
        }
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(TRACKS);
        }
    }

    @Test
    @Resilience("2.4")
    void theFailpointMakesACatalogThatWillNotOpen() throws Exception {
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, 3);
            catalog.it.maintenance().backUpBlocking();
        }
        Failpoints.arm(Failpoint.DB_OPEN_CORRUPT, "1*return(CORRUPT)");
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(3);
        } finally {
            Failpoints.disarmAll();
        }
        assertThat(names("catalog.db.damaged-")).hasSize(1);
    }

    private Path aside(int number) {
        return directory.resolve("catalog.db.damaged-" + number);
    }

    // Without the logs that lie beside them.
    @Override
    List<String> names(String prefix) throws IOException {
        return super.names(prefix).stream()
                .filter(name -> !name.endsWith("-wal"))
                .toList();
    }
}
