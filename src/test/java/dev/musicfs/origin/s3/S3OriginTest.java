package dev.musicfs.origin.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.config.Secret;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.NameResolver;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginContract;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingNames;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class S3OriginTest extends OriginContract {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("AWS_ACCESS_KEY_ID", FakeS3.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", FakeS3.SECRET_KEY);

    private final Vertx vertx = TestingVertx.start();
    private final FakeS3 store = new FakeS3(vertx);
    private String endpoint = "";
    private S3Origin origin;

    /** In which part of the bucket the origin lies; empty, or with a slash at its end. */
    protected String prefix() {
        return "";
    }

    @BeforeEach
    void start() {
        endpoint = await(store.listen());
        origin = origin(ENVIRONMENT, TestingNames.LITERAL, Map.of());
        if (!prefix().isEmpty()) {
            store.put(prefix(), bytes(""));
        }
    }

    @AfterEach
    void stop() {
        await(origin.stop());
        await(vertx.close());
    }

    private S3Origin origin(Map<String, String> environment, NameResolver names, Map<String, Object> more) {
        Map<String, Object> values = new HashMap<>();
        values.put("url", "s3://" + FakeS3.BUCKET + "/" + Keys.encode(prefix(), true));
        values.put("endpoint", endpoint);
        values.put("region", FakeS3.REGION);
        values.putAll(more);
        return new S3Origin(
                OriginConfig.of(new OriginId("store"), new S3Backend().type(), new OriginSettings(values)),
                new BackendContext(
                        vertx, ExecutorPools.workers(vertx, "store", "Origin store", 2, 1_000), names, Clock.system()),
                environment);
    }

    @Override
    protected Origin origin() {
        return origin;
    }

    @Override
    protected void put(String path, byte[] content) {
        store.put(prefix() + path, content);
    }

    @Override
    protected void remove(String path) {
        store.remove(prefix() + path);
    }

    @Override
    protected void removeRoot() {
        store.removeBucket();
    }

    @Test
    void anEmptyBucketIsAnEmptyOriginButAPrefixWithoutKeysIsNone() {
        assertThat(await(origin.list(RealPath.ROOT))).isEmpty();
        await(origin.start());
        assertThat(kindOf(origin.stat(new RealPath("a"), Deadlines.generous()))).isEqualTo(FailureKind.NOT_FOUND);

        store.clear();
        if (prefix().isEmpty()) {
            assertThat(await(origin.list(RealPath.ROOT))).isEmpty();
        } else {
            FileVersion version = new FileVersion(3, 0, "tag");
            RealPath path = new RealPath("a");
            assertThat(kindOf(origin.list(RealPath.ROOT))).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(kindOf(origin.list(path))).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(kindOf(origin.stat(path, Deadlines.generous()))).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(kindOf(origin.read(path, version, new ByteRange(0, 1), Deadlines.generous())))
                    .isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(kindOf(origin.start())).isEqualTo(FailureKind.UNAVAILABLE);
        }
    }

    @Test
    void findsWhatHasUnusualNames() {
        String path = "a+b %25&c/\u6771\u4eac \uD83C\uDFB5/J\u00f3ga's *(live)*;=?#\"<>\\.flac";
        put(path, bytes("abc"));

        RealPath file = new RealPath(path);
        assertThat(await(origin.list(RealPath.ROOT)))
                .extracting(OriginEntry::path)
                .containsExactly(file.parent().parent());
        assertThat(await(origin.list(file.parent()))).containsExactly(entry(path));
        assertThat(read(path, 1, 2)).isEqualTo("bc");
    }

    @Test
    void leavesOutWhatNoPathCanBeMadeOf() {
        put("d/a.flac", bytes("a"));
        put("d/", bytes(""));
        put("d//b.flac", bytes("b"));
        put("d/../c.flac", bytes("c"));
        put("d/.", bytes("d"));
        put("d/e/", bytes(""));
        put("d/f", bytes("a file beside a directory of its name"));
        put("d/f/g.flac", bytes("g"));

        assertThat(await(origin.list(new RealPath("d"))))
                .extracting(each -> each.path().value() + (each.directory() ? "/" : ""))
                .containsExactly("d/a.flac", "d/e/", "d/f/");
        assertThat(await(origin.list(new RealPath("d/e")))).isEmpty();
        assertThat(entry("d/e").directory()).isTrue();
    }

    @Test
    void putsPagesTogetherWhateverTheyEndWith() {
        IntStream.range(0, 1500).forEach(i -> put("d%04d/a.flac".formatted(i), bytes("a")));
        IntStream.range(0, 1400).forEach(i -> put("f%04d.flac".formatted(i), bytes("a")));

        List<OriginEntry> all = await(origin.list(RealPath.ROOT));

        assertThat(all).hasSize(2900).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> a.path()
                .compareTo(b.path()));
        assertThat(store.pages()).isEqualTo(3);
    }

    @Test
    void listsADirectoryOfAHundredThousandFilesPageByPage() {
        IntStream.range(0, 100_000).forEach(i -> put("many/%06d.flac".formatted(i), bytes("")));
        put("last.flac", bytes("x"));

        List<OriginEntry> all = await(origin.list(new RealPath("many")));

        assertThat(all).hasSize(100_000);
        assertThat(all.get(99_999).path()).isEqualTo(new RealPath("many/099999.flac"));
        assertThat(store.pages()).isEqualTo(100);
        assertThat(store.requests()).isEqualTo(100);
    }

    @Test
    void asksOnceForWhatItReads() {
        put("a.flac", bytes("0123456789"));
        FileVersion version = entry("a.flac").version();
        int before = store.requests();

        await(origin.read(new RealPath("a.flac"), version, new ByteRange(2, 4), Deadlines.generous()));
        await(origin.read(new RealPath("a.flac"), version, new ByteRange(10, 4), Deadlines.generous()));

        assertThat(store.requests()).isEqualTo(before + 1);
        assertThat(origin.openConnections()).isEqualTo(1);
    }

    @Test
    @Resilience("3.2")
    void keepsAsManyConnectionsAsItMayAndReplacesDeadOnes() {
        put("a.flac", bytes("0123456789"));
        RealPath path = new RealPath("a.flac");
        FileVersion version = entry("a.flac").version();
        int most = new S3Backend().type().defaultConcurrency();

        for (int round = 0; round < 2; round++) {
            int before = store.connections() - Math.toIntExact(origin.openConnections());
            // With fewer connections than that it would answer none.
            store.answerTogether(most);
            await(Future.all(IntStream.range(0, 100)
                    .mapToObj(i -> origin.read(path, version, new ByteRange(i % 10, 1), Deadlines.generous()))
                    .toList()));
            assertThat(store.connections() - before).isEqualTo(most);
            assertThat(origin.openConnections()).isEqualTo(most);

            store.dropConnections();
            assertThat(Polling.until(() -> origin.openConnections() == 0, Duration.ofMillis(5), Deadlines.generous()))
                    .isTrue();
        }
    }

    @Test
    void anotherObjectOfTheSameSizeIsStale() {
        put("a.flac", bytes("0123456789"));
        FileVersion old = entry("a.flac").version();
        put("a.flac", bytes("9876543210"));

        assertThat(kindOf(origin.read(new RealPath("a.flac"), old, new ByteRange(0, 3), Deadlines.generous())))
                .isEqualTo(FailureKind.STALE);
    }

    @Test
    void isRejectedWithTheWrongKeysAndWithNone() {
        put("a.flac", bytes("abc"));
        for (Map<String, String> environment : List.of(
                Map.<String, String>of(),
                Map.of("AWS_ACCESS_KEY_ID", FakeS3.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", "another"))) {
            S3Origin stranger = origin(environment, TestingNames.LITERAL, Map.of());
            assertThat(kindOf(stranger.start())).isEqualTo(FailureKind.REJECTED);
            assertThat(kindOf(stranger.list(RealPath.ROOT))).isEqualTo(FailureKind.REJECTED);
            await(stranger.stop());
        }
    }

    @Test
    void secretsThatCannotBeReadAtStartAreReadLater(@org.junit.jupiter.api.io.TempDir java.nio.file.Path temp)
            throws java.io.IOException {
        put("a.flac", bytes("abc"));
        Secret missing = new Secret(Secret.Source.FILE, temp.resolve("key").toString());
        S3Origin later = origin(Map.of(), TestingNames.LITERAL, Map.of("access_key", missing, "secret_key", missing));

        assertThat(kindOf(later.start())).isEqualTo(FailureKind.REJECTED);
        assertThat(kindOf(later.probe(Deadlines.generous()))).isEqualTo(FailureKind.REJECTED);

        java.nio.file.Files.writeString(temp.resolve("key"), "a key\n");
        java.nio.file.Files.setPosixFilePermissions(
                temp.resolve("key"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        int before = store.requests();
        assertThat(kindOf(later.probe(Deadlines.generous()))).isEqualTo(FailureKind.REJECTED);
        assertThat(store.requests()).isEqualTo(before + 1);
        await(later.stop());
    }

    @Test
    void isUnavailableWhenItsNameCannotBeResolvedAndKeepsTheCause() {
        S3Origin nameless = origin(ENVIRONMENT, TestingNames.DEAD, Map.of());

        Future<Void> probe = nameless.probe(Deadlines.generous());

        assertThat(kindOf(probe)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(probe.cause()).hasRootCauseInstanceOf(java.net.UnknownHostException.class);
        await(nameless.stop());
    }

    @Test
    void isUnavailableOnceStopped() {
        put("a.flac", bytes("abc"));
        FileVersion version = entry("a.flac").version();
        S3Origin stopped = origin(ENVIRONMENT, TestingNames.LITERAL, Map.of());
        await(stopped.start());
        await(stopped.stop());

        assertThat(kindOf(stopped.list(RealPath.ROOT))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kindOf(stopped.read(new RealPath("a.flac"), version, new ByteRange(0, 1), Deadlines.generous())))
                .isEqualTo(FailureKind.UNAVAILABLE);
    }
}
