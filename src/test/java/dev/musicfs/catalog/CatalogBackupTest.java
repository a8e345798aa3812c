package dev.musicfs.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.failure.Failpoints;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.OriginId;
import dev.musicfs.runtime.Clock;
import dev.musicfs.testkit.Resilience;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backups of a catalog that are made, and such as cannot be used. */
class CatalogBackupTest extends CatalogBench {
    @AfterEach
    void disarm() {
        Failpoints.disarmAll();
    }

    @Test
    void backupsAreMadeWhileItIsReadAndChangedAndTheNewestThreeAreKept() throws Exception {
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.it.maintenance().newestBackupBlocking()).isEmpty();
            for (int time = 1; time <= 5; time++) {
                catalog.add((time - 1) * 10, 10);
                Path made = catalog.it.maintenance().backUpBlocking();
                assertThat(made).hasFileName("catalog.db.backup-" + time);
                CatalogMaintenance.Backup newest =
                        catalog.it.maintenance().newestBackupBlocking().orElseThrow();
                assertThat(newest.file()).isEqualTo(made);
                assertThat(newest.files()).contains(time * 10L);
            }
            assertThat(names("catalog.db.backup"))
                    .containsExactly("catalog.db.backup-3", "catalog.db.backup-4", "catalog.db.backup-5");
        }
    }

    @Test
    void aClosedCatalogIsNotBackedUp() throws Exception {
        OpenedCatalog catalog = open();
        catalog.close();
        assertThatThrownBy(() -> catalog.it.maintenance().backUpBlocking())
                .isInstanceOf(MusicFsException.class)
                .hasMessageContaining("closed");
        assertThat(names("catalog.db.backup")).isEmpty();
    }

    /** An older or an empty one would take its place, and push it out in time. */
    @ParameterizedTest
    @Resilience("2.4")
    @EnumSource(
            value = FailureKind.class,
            names = {"UNAVAILABLE", "REJECTED", "NO_SPACE", "INTERNAL"})
    void aFailureThatSaysNothingOfABackupPassesNoneBy(FailureKind kind) throws Exception {
        backUpTwice();
        Files.delete(file);
        Failpoints.arm(Failpoint.DB_OPEN_CORRUPT, "1*return(" + kind + ")");
        assertThatThrownBy(() -> Catalog.openOrRecoverBlocking(file, Clock.system()))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThat(names("catalog.db")).containsExactly("catalog.db.backup-1", "catalog.db.backup-2");
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(20);
        }
    }

    @Test
    @Resilience("2.4")
    void aBackupThatLiesWhereTheDiskIsBrokenIsPassedByForTheOneBeforeIt() throws Exception {
        backUpTwice();
        Path newest = directory.resolve("catalog.db.backup-2");
        Files.delete(newest);
        // Nothing is mapped at its beginning: reading that is an input/output error.
        Files.createSymbolicLink(newest, Path.of("/proc/self/mem"));
        Files.delete(file);
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(10);
        }
    }

    @Test
    @Resilience("6.7")
    void aDirectoryInABackupsPlaceIsPassedBy() throws Exception {
        backUpTwice();
        Path newest = directory.resolve("catalog.db.backup-2");
        Files.delete(newest);
        Files.createDirectory(newest);
        Files.delete(file);
        try (OpenedCatalog catalog = open()) {
            assertThat(catalog.files()).isEqualTo(10);
        }
        assertThat(newest).isDirectory();
    }

    @Test
    @Resilience("6.7")
    void aPlaceThatCannotBeLookedAtIsNotTakenForADeletedFile() throws Exception {
        Path place = Files.createDirectory(directory.resolve("place"));
        file = place.resolve("catalog.db");
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, 3);
            Path elsewhere = Files.move(place, directory.resolve("elsewhere"));
            Files.createFile(place);
            assertThatThrownBy(() -> catalog.it.maintenance().isInPlaceBlocking())
                    .isInstanceOfSatisfying(
                            MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
            Files.delete(place);
            assertThat(catalog.it.maintenance().isInPlaceBlocking()).isFalse();
            Files.move(elsewhere, place);
            assertThat(catalog.it.maintenance().isInPlaceBlocking()).isTrue();
            assertThat(catalog.it.damage()).isEmpty();
        }
    }

    @Test
    @Resilience("3.9")
    void whetherAnOriginIsKnownIsSeenWhileTheCatalogIsInUseAndAfterwards() throws Exception {
        OriginId disk = new OriginId("disk");
        OriginId another = new OriginId("another");
        assertThat(Catalog.knowsBlocking(file, another)).as("there is none").isTrue();
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, 3);
            assertThat(Catalog.knowsBlocking(file, disk)).isTrue();
            assertThat(Catalog.knowsBlocking(file, another)).isFalse();
        }
        assertThat(Catalog.knowsBlocking(file, disk)).isTrue();
        assertThat(Catalog.knowsBlocking(file, another)).isFalse();
        assertThat(names("catalog.db-")).isEmpty();
    }

    private void backUpTwice() {
        try (OpenedCatalog catalog = open()) {
            catalog.add(0, 10);
            catalog.it.maintenance().backUpBlocking();
            catalog.add(10, 10);
            catalog.it.maintenance().backUpBlocking();
        }
    }
}
