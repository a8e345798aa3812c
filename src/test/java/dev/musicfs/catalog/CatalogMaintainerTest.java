package dev.musicfs.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.TaskState.Importance;
import dev.musicfs.runtime.TaskSupervisor;
import dev.musicfs.testkit.ManualTime;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogMaintainerTest {
    private static final Duration MINUTES = Duration.ofMinutes(10);

    @TempDir
    private Path directory;

    private final Vertx vertx = TestingVertx.start();
    private final ManualTime time = new ManualTime();
    private final TaskSupervisor tasks = new TaskSupervisor(time, time, (address, event) -> {});
    private Path file;
    private Catalog catalog;
    private CatalogWriter writer;
    private int tracks;

    @BeforeEach
    void open() {
        file = directory.resolve("catalog.db");
        begin();
    }

    private void begin() {
        catalog = Catalog.openOrRecoverBlocking(file, Clock.system());
        writer = catalog.startWriter(vertx);
    }

    @AfterEach
    void close() throws Exception {
        catalog.closeBlocking();
        await(vertx.close());
    }

    @Test
    @Resilience("6.2")
    void theFirstBackupIsMadeAsSoonAsThereIsSomethingToLose() throws Exception {
        keep();
        time.advance(CatalogMaintainer.FIRST_LOOK);
        assertThat(backups()).as("of an empty catalog").isEmpty();
        add(100);
        time.advance(MINUTES);
        assertThat(backups()).containsExactly("catalog.db.backup-1");
    }

    @Test
    @Resilience("6.2")
    void anotherIsMadeWhenTheLibraryHasGrownByATwentiethAndOtherwiseOnceADayIfItChanged() throws Exception {
        add(100);
        keep();
        time.advance(CatalogMaintainer.FIRST_LOOK);
        assertThat(backups()).hasSize(1);
        add(5);
        time.advance(MINUTES);
        assertThat(backups()).as("a twentieth and no more").hasSize(1);
        add(1);
        time.advance(MINUTES);
        assertThat(backups()).hasSize(2);
        add(1);
        time.advance(MINUTES);
        assertThat(backups()).hasSize(2);
        age("catalog.db.backup-2", CatalogMaintainer.DAY.plusMinutes(1));
        time.advance(MINUTES);
        assertThat(backups()).hasSize(3);
        age("catalog.db.backup-3", CatalogMaintainer.DAY.plusMinutes(1));
        time.advance(MINUTES);
        assertThat(backups()).as("nothing changed").hasSize(3).contains("catalog.db.backup-3");
    }

    /** As when the system gives its worker no thread. */
    @Test
    @Resilience({"5.3", "6.2"})
    void aLookThatCannotBeBegunIsMadeLater() throws Exception {
        add(100);
        AtomicBoolean refusing = new AtomicBoolean(true);
        keep(work -> {
            if (refusing.get()) {
                throw new RejectedExecutionException("the system gives no thread");
            }
            return here(work);
        });
        time.advance(CatalogMaintainer.FIRST_LOOK);
        time.advance(MINUTES);
        assertThat(backups()).isEmpty();
        refusing.set(false);
        time.advance(MINUTES);
        assertThat(backups()).hasSize(1);
    }

    @Test
    @Resilience({"5.6", "6.2"})
    void aBackupFromTheFutureCountsAsOld() throws Exception {
        add(100);
        keep();
        time.advance(CatalogMaintainer.FIRST_LOOK);
        add(1);
        age("catalog.db.backup-1", Duration.ofDays(-3650));
        time.advance(MINUTES);
        assertThat(backups()).hasSize(2);
    }

    @Test
    @Resilience({"2.4", "6.2"})
    void afterAnEndThatWasNoneTheCatalogIsCheckedAndDamageIsTold() throws Exception {
        add(2_000);
        catalog.closeBlocking();
        overwriteTheEnd();
        begin();
        Path crashed = Files.createDirectories(directory.resolve("crashed"));
        for (String name : List.of("catalog.db", "catalog.db-wal")) {
            Files.copy(directory.resolve(name), crashed.resolve(name));
        }
        assertThatThrownBy(catalog::closeBlocking).isInstanceOf(MusicFsException.class);
        file = crashed.resolve("catalog.db");
        begin();
        assertThat(catalog.damage()).isEmpty();
        keep();
        time.advance(CatalogMaintainer.SOON);
        assertThat(catalog.damage()).isPresent();
        assertThat(crashed.resolve("catalog.db.suspect")).exists();
        time.advance(Duration.ofDays(2));
        assertThat(crashed.resolve("catalog.db.backup-1"))
                .as("what is damaged is not backed up")
                .doesNotExist();
    }

    @Test
    @Resilience("6.2")
    void damageIsFoundBeforeItIsBackedUp() throws Exception {
        add(2_000);
        catalog.closeBlocking();
        overwriteTheEnd();
        begin();
        keep();
        time.advance(CatalogMaintainer.FIRST_LOOK);
        assertThat(catalog.damage()).isPresent();
        assertThat(backups()).isEmpty();
    }

    @Test
    @Resilience("6.2")
    void aCatalogWhoseFileWasDeletedIsSavedOnce() throws Exception {
        add(100);
        keep();
        Files.delete(file);
        time.advance(CatalogMaintainer.FIRST_LOOK.plus(MINUTES).plus(MINUTES));
        assertThat(backups()).containsExactly("catalog.db.backup-1");
        assertThat(catalog.damage()).isPresent();
        catalog.closeBlocking();
        begin();
        assertThat(catalog.reader().totalsBlocking().files()).isEqualTo(100);
    }

    @Test
    @Resilience("2.6")
    void itEndsWhenItIsAskedTo() throws Exception {
        keep();
        assertThat(tasks.stop().isComplete()).isTrue();
        add(100);
        time.advance(Duration.ofDays(1));
        assertThat(backups()).isEmpty();
    }

    private void keep() {
        keep(CatalogMaintainerTest::here);
    }

    private void keep(CatalogMaintainer.Blocking blocking) {
        tasks.supervise(
                "catalog-backup", Importance.OPTIONAL, new CatalogMaintainer(catalog, blocking, time, Clock.system()));
    }

    private static Future<Void> here(Callable<Void> work) {
        try {
            work.call();
            return Future.succeededFuture();
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }

    private void add(int count) throws Exception {
        List<Mutation> mutations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = tracks++;
            FileRow track = new FileRow(
                    writer.nextFileId(),
                    new OriginId("disk"),
                    new RealPath("folder/" + number + ".flac"),
                    FileKind.AUDIO,
                    new FileVersion(1, 1, ""),
                    0,
                    TrackTags.unknown("flac"),
                    true);
            mutations.add(new Mutation.PutFile(track));
            mutations.add(new Mutation.PutNode(
                    new NodeRow(writer.nextNodeId(), NodeId.ROOT, "n" + number, track.id(), 1, 1)));
        }
        await(writer.apply(mutations));
    }

    private void overwriteTheEnd() throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(40 * 4096L);
            byte[] garbage = new byte[Math.toIntExact(open.length() - 40 * 4096L)];
            new java.util.Random(3).nextBytes(garbage);
            open.write(garbage);
        }
    }

    private void age(String name, Duration age) throws IOException {
        Path backup = directory.resolve(name);
        Files.setLastModifiedTime(
                backup, FileTime.from(Clock.system().wallNanos() - age.toNanos(), TimeUnit.NANOSECONDS));
    }

    private List<String> backups() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(each -> each.getFileName().toString())
                    .filter(name -> name.startsWith("catalog.db.backup"))
                    .sorted()
                    .toList();
        }
    }

    private static void await(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
