package dev.musicfs.origin.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginContract;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.ManualClock;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingNames;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.sshd.common.io.nio2.Nio2Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SftpOriginTest extends OriginContract {
    private final Vertx vertx = TestingVertx.start();
    private final WorkerExecutor workers = ExecutorPools.workers(vertx, "sftp-test", "Origin sftp-test", 8, 1_000);
    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path temp;

    private TestingSshServer server;
    private SftpOrigin origin;

    @BeforeEach
    void start() throws Exception {
        server = new TestingSshServer(temp.resolve("home"));
        origin = new SftpOrigin(
                server.target(
                        Optional.of(server.hostKeyText()),
                        temp.resolve("absent"),
                        TestingSshServer.password(temp, TestingSshServer.PASSWORD)),
                new BackendContext(vertx, workers, TestingNames.LITERAL, clock));
        await(origin.start());
    }

    @AfterEach
    void stop() {
        server.beforeRead = session -> {};
        await(origin.stop());
        assertThat(origin.gauges()).isEqualTo(new Connections.Gauges(0, 0, 0, 0));
        server.close();
        await(vertx.close());
    }

    @Override
    protected Origin origin() {
        return origin;
    }

    @Override
    protected boolean hasNamesThatAreNotUtf8() {
        return "UTF-8".equals(System.getProperty("sun.jnu.encoding"));
    }

    @Override
    protected void put(String path, byte[] content) {
        Path file = server.locate(path);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void remove(String path) {
        try {
            Files.delete(server.locate(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void removeRoot() {
        try (Stream<Path> all = Files.walk(server.root())) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void sendsSmallPacketsAtOnce() throws IOException {
        put("a.flac", bytes("abc"));
        read("a.flac", 0, 3);

        assertThat(origin.connections()).isNotEmpty();
        for (Connection connection : origin.connections()) {
            Nio2Session socket = (Nio2Session) connection.session().getIoSession();
            assertThat(socket.getSocket().getOption(StandardSocketOptions.TCP_NODELAY))
                    .isTrue();
        }
    }

    @Test
    void anAnswerAfterItsDeadlineHarmsNoOtherRequest() throws Exception {
        put("slow.flac", bytes("0123456789"));
        put("other.flac", bytes("abcdefghij"));
        FileVersion slow = entry("slow.flac").version();
        FileVersion other = entry("other.flac").version();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        server.beforeRead = session -> {
            asked.countDown();
            awaitLatch(answer);
        };

        Future<Buffer> late =
                origin.read(new RealPath("slow.flac"), slow, new ByteRange(0, 5), Deadline.in(Duration.ofSeconds(3)));
        awaitLatch(asked);
        Future<Buffer> patient =
                origin.read(new RealPath("other.flac"), other, new ByteRange(2, 5), Deadlines.generous());
        assertThat(kindOf(late)).isEqualTo(FailureKind.TIMEOUT);
        assertThat(patient.isComplete()).isFalse();
        answer.countDown();

        assertThat(await(patient).toString()).isEqualTo("cdefg");
        assertThat(read("slow.flac", 5, 5)).isEqualTo("56789");
        assertThat(read("other.flac", 0, 2)).isEqualTo("ab");
        assertThat(origin.gauges().unanswered()).isZero();
        assertThat(origin.gauges().calls()).isZero();
    }

    @Test
    void aConnectionThatMissedADeadlineIsNotUsedAgain() throws Exception {
        put("a.flac", bytes("0123456789"));
        FileVersion version = entry("a.flac").version();
        CountDownLatch answer = new CountDownLatch(1);
        server.beforeRead = session -> awaitLatch(answer);
        assertThat(kindOf(origin.read(
                        new RealPath("a.flac"), version, new ByteRange(0, 5), Deadline.in(Duration.ofSeconds(3)))))
                .isEqualTo(FailureKind.TIMEOUT);
        server.beforeRead = session -> {};

        // The server's thread of the first connection still hangs.
        assertThat(read("a.flac", 0, 5)).isEqualTo("01234");
        assertThat(server.sessions).hasValue(2);
        answer.countDown();
    }

    @Test
    @Resilience("3.2")
    void sharesItsConnectionsAndOpensAFileOnce() {
        put("a.flac", bytes("0123456789"));
        FileVersion version = entry("a.flac").version();
        List<Future<Buffer>> reads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            reads.add(origin.read(new RealPath("a.flac"), version, new ByteRange(i % 10, 1), Deadlines.generous()));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(await(reads.get(i)).toString()).isEqualTo(String.valueOf(i % 10));
        }
        assertThat(server.sessions).hasValue(1);
        assertThat(server.opens.get()).isBetween(1, 8);
        assertThat(origin.gauges().openFiles()).isEqualTo(1);
    }

    @Test
    @Resilience("3.2")
    void replacesAPooledConnectionThatTurnsOutDead() {
        put("a.flac", bytes("0123456789"));
        FileVersion version = entry("a.flac").version();
        AtomicBoolean once = new AtomicBoolean();
        server.beforeRead = session -> {
            if (once.compareAndSet(false, true)) {
                session.close(true);
            }
        };

        Buffer found = await(origin.read(new RealPath("a.flac"), version, new ByteRange(0, 10), Deadlines.generous()));

        assertThat(found.toString()).isEqualTo("0123456789");
        assertThat(server.sessions).hasValue(2);
        server.cutAll();
        assertThat(read("a.flac", 1, 2)).isEqualTo("12");
    }

    @Test
    void doesNotTryAgainForEver() {
        put("a.flac", bytes("0123456789"));
        FileVersion version = entry("a.flac").version();
        server.beforeRead = session -> session.close(true);

        assertThat(kindOf(origin.read(new RealPath("a.flac"), version, new ByteRange(0, 10), Deadlines.generous())))
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(server.sessions).hasValue(2);
        assertThat(origin.gauges().calls()).isZero();
    }

    @Test
    @Resilience("3.2")
    void closesWhatNobodyUses() {
        put("a.flac", bytes("0123456789"));
        read("a.flac", 0, 1);
        assertThat(origin.gauges()).isEqualTo(new Connections.Gauges(1, 0, 1, 0));

        clock.advance(Connections.FILE_IDLE.plusSeconds(1));
        await(origin.tidy());
        read("", 0, 0, FailureKind.INVALID);
        assertThat(origin.gauges()).isEqualTo(new Connections.Gauges(1, 0, 0, 0));
        assertThat(server.closes).hasValue(1);

        clock.advance(Connections.IDLE.plusSeconds(1));
        await(origin.tidy());
        assertThat(origin.gauges().connections()).isZero();
        assertThat(read("a.flac", 0, 1)).isEqualTo("0");
        assertThat(server.sessions).hasValue(2);
    }

    @Test
    void keepsLargeReadsApartFromSmallOnes() {
        byte[] content = new byte[5 << 20];
        new Random(1).nextBytes(content);
        put("large.flac", content);
        FileVersion version = entry("large.flac").version();

        Buffer whole = await(origin.read(
                new RealPath("large.flac"), version, new ByteRange(0, content.length), Deadlines.generous()));
        Buffer part = await(
                origin.read(new RealPath("large.flac"), version, new ByteRange(12345, 70000), Deadlines.generous()));

        assertThat(whole.getBytes()).isEqualTo(content);
        assertThat(part.getBytes()).isEqualTo(java.util.Arrays.copyOfRange(content, 12345, 82345));
        assertThat(server.sessions).hasValue(2);
    }

    @Test
    void noticesAReplacedFileThroughAnOpenHandle() throws IOException {
        put("a.flac", bytes("0123456789"));
        FileVersion old = entry("a.flac").version();
        assertThat(read("a.flac", 0, 2)).isEqualTo("01");
        put("b.flac", bytes("abcdefghij"));
        Files.setLastModifiedTime(server.locate("b.flac"), FileTime.fromMillis(1_000_000_000_000L));
        Files.move(
                server.locate("b.flac"),
                server.locate("a.flac"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);

        assertThat(kindOf(origin.read(new RealPath("a.flac"), old, new ByteRange(0, 2), Deadlines.generous())))
                .isEqualTo(FailureKind.STALE);
        assertThat(read("a.flac", 0, 2)).isEqualTo("ab");
    }

    @Test
    void readsTheNewFileThoughTheOldOneIsStillOpen() throws IOException {
        put("a.flac", bytes("0123456789"));
        read("a.flac", 0, 2);
        put("b.flac", bytes("abcdefghijk"));
        Files.move(server.locate("b.flac"), server.locate("a.flac"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(read("a.flac", 0, 2)).isEqualTo("ab");
        assertThat(server.opens).hasValue(2);
    }

    @Test
    void followsLinksButNotInCirclesNorIntoNothing() throws IOException {
        put("album/a.flac", bytes("abc"));
        put("elsewhere/b.flac", bytes("abcd"));
        Files.createSymbolicLink(server.locate("linked"), Path.of("album"));
        Files.createSymbolicLink(server.locate("track.flac"), Path.of("album/a.flac"));
        Files.createSymbolicLink(server.locate("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(server.locate("album/up"), Path.of(".."));

        assertThat(names("")).containsExactly("album/", "dangling ?", "elsewhere/", "linked/", "track.flac");
        assertThat(names("album")).containsExactly("album/a.flac");
        assertThat(names("linked")).containsExactly("linked/a.flac");
        assertThat(entry("track.flac").version().sizeBytes()).isEqualTo(3);
    }

    @Test
    void listsALargeDirectoryWhole() {
        for (int i = 0; i < 1500; i++) {
            put("%04d.flac".formatted(i), bytes(""));
        }
        assertThat(await(origin.list(RealPath.ROOT)))
                .extracting(OriginEntry::path)
                .hasSize(1500)
                .isSorted();
    }

    @Test
    @Resilience("3.2")
    void readsFromAServerThatLetsFewFilesBeOpen() {
        server.mostOpen = 2;
        for (int i = 0; i < 6; i++) {
            put(i + ".flac", bytes("content" + i));
        }
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 6; i++) {
                assertThat(read(i + ".flac", 0, 8)).isEqualTo("content" + i);
            }
        }
        assertThat(origin.gauges().openFiles()).isLessThanOrEqualTo(2);
    }

    /** The second reader waits until the first has given its file back. */
    @Test
    void waitsForAFileToBeClosedWhereOnlyOneMayBeOpen() throws Exception {
        server.mostOpen = 1;
        put("a.flac", bytes("0123456789"));
        put("b.flac", bytes("abcdefghij"));
        FileVersion a = entry("a.flac").version();
        FileVersion b = entry("b.flac").version();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        server.beforeRead = session -> {
            asked.countDown();
            awaitLatch(answer);
        };
        Future<Buffer> first = origin.read(new RealPath("a.flac"), a, new ByteRange(0, 5), Deadlines.generous());
        awaitLatch(asked);
        Future<Buffer> second = origin.read(new RealPath("b.flac"), b, new ByteRange(0, 5), Deadlines.generous());
        answer.countDown();

        assertThat(await(first).toString()).isEqualTo("01234");
        assertThat(await(second).toString()).isEqualTo("abcde");
    }

    @Test
    void readsFromAServerThatCannotLookAtAnOpenFile() throws IOException {
        server.hasFstat = false;
        put("a.flac", bytes("0123456789"));
        assertThat(read("a.flac", 0, 5)).isEqualTo("01234");
        FileVersion old = entry("a.flac").version();
        put("b.flac", bytes("abcdefghij"));
        Files.setLastModifiedTime(server.locate("b.flac"), FileTime.fromMillis(1_000_000_000_000L));
        Files.move(server.locate("b.flac"), server.locate("a.flac"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(kindOf(origin.read(new RealPath("a.flac"), old, new ByteRange(0, 2), Deadlines.generous())))
                .isEqualTo(FailureKind.STALE);
        assertThat(read("a.flac", 0, 5)).isEqualTo("abcde");
        assertThat(origin.gauges().openFiles()).isZero();
    }

    @Test
    void listsThroughAServerThatGivesNamesAlone() throws IOException {
        server.namesAlone = true;
        put("album/a.flac", bytes("abc"));
        put("b.flac", bytes("abcd"));
        Files.createSymbolicLink(server.locate("linked"), Path.of("album"));
        Files.createSymbolicLink(server.locate("album/up"), Path.of(".."));

        assertThat(names("")).containsExactly("album/", "b.flac", "linked/");
        assertThat(names("album")).containsExactly("album/a.flac");
        assertThat(await(origin.list(RealPath.ROOT)))
                .filteredOn(found -> !found.directory())
                .extracting(found -> found.version().sizeBytes())
                .containsExactly(4L);
    }

    @Test
    @Resilience("3.2")
    void sharesTheOnlyConnectionAServerGives() {
        server.mostSessions = 1;
        byte[] content = new byte[1 << 20];
        new Random(1).nextBytes(content);
        put("large.flac", content);
        FileVersion version = entry("large.flac").version();

        for (int i = 0; i < 2; i++) {
            Buffer whole = await(origin.read(
                    new RealPath("large.flac"), version, new ByteRange(0, content.length), Deadlines.generous()));
            assertThat(whole.getBytes()).isEqualTo(content);
        }
        assertThat(server.connected()).isEqualTo(1);
        assertThat(server.sessions).hasValue(2);
        clock.advance(Connections.SHARED);
        server.mostSessions = 2;
        await(origin.read(new RealPath("large.flac"), version, new ByteRange(0, content.length), Deadlines.generous()));
        assertThat(server.connected()).isEqualTo(2);
    }

    @Test
    void listsNoMoreThanIsAllowed() {
        for (int i = 0; i < 2_003; i++) {
            put("many/%04d.flac".formatted(i), bytes(""));
        }
        assertThat(kindOf(origin.list(new RealPath("many")))).isEqualTo(FailureKind.INVALID);
        assertThat(kindOf(origin.list(new RealPath("1/2/3/4/5/6/7/8/9")))).isEqualTo(FailureKind.INVALID);
    }

    @Test
    void failsAfterStopInsteadOfHanging() {
        put("a.flac", bytes("0123456789"));
        FileVersion version = entry("a.flac").version();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        server.beforeRead = session -> {
            asked.countDown();
            awaitLatch(answer);
        };
        Future<Buffer> underWay =
                origin.read(new RealPath("a.flac"), version, new ByteRange(0, 10), Deadlines.generous());
        awaitLatch(asked);
        await(origin.stop());

        assertThat(kindOf(underWay)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kindOf(origin.probe(Deadlines.generous()))).isEqualTo(FailureKind.UNAVAILABLE);
        answer.countDown();
    }

    private void read(String path, long offset, long length, FailureKind expected) {
        assertThat(kindOf(origin.read(
                        new RealPath(path),
                        new FileVersion(9, 9, ""),
                        new ByteRange(offset, length),
                        Deadlines.generous())))
                .isEqualTo(expected);
    }

    private List<String> names(String directory) {
        return await(origin.list(new RealPath(directory))).stream()
                .map(found -> found.path().value()
                        + (found.directory() ? "/" : "")
                        + (found.unknown().isPresent() ? " ?" : ""))
                .toList();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            if (!latch.await(20, java.util.concurrent.TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
