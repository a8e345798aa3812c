package dev.musicfs.origin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginContract;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.testkit.TestingWebServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for a web server however it lists. */
abstract class WebServerContract extends OriginContract {
    private static final int CONCURRENCY = 4;

    private final Vertx vertx = TestingVertx.start();
    private final TestingWebServer server;
    private Origin origin;

    WebServerContract(TestingWebServer.Style style) {
        server = new TestingWebServer(vertx, style);
    }

    @BeforeEach
    void start() {
        await(server.listen());
        origin = TestingHttpOrigin.of(vertx, server.url(), Map.of(), Duration.ofSeconds(10), CONCURRENCY);
        await(origin.start());
    }

    @AfterEach
    void stop() {
        await(origin.stop());
        await(vertx.close());
    }

    TestingWebServer server() {
        return server;
    }

    @Override
    protected Origin origin() {
        return origin;
    }

    @Override
    protected void put(String path, byte[] content) {
        server.put(path, content);
    }

    @Override
    protected void remove(String path) {
        server.remove(path);
    }

    @Override
    protected void removeRoot() {
        server.gone(true);
    }

    @Override
    protected boolean hasNamesThatAreNotUtf8() {
        return true;
    }

    @Test
    void escapesEveryCharacterThatANameMayHave() {
        String name = "a b+c%41&d?e#f;g'h\"i<j>k\\l[m]n:o@p=q~r.flac";
        put("d " + name + "/" + name, bytes("abc"));

        assertThat(await(origin().list(RealPath.ROOT)))
                .extracting(entry -> entry.path().value())
                .containsExactly("d " + name);
        assertThat(await(origin().list(new RealPath("d " + name)))).containsExactly(entry("d " + name + "/" + name));
        assertThat(read("d " + name + "/" + name, 1, 1)).isEqualTo("b");
    }

    @Test
    void takesTimeAndTagForTheVersion() {
        put("a.flac", bytes("abc"));

        FileVersion version = entry("a.flac").version();

        assertThat(version).isEqualTo(new FileVersion(3, 1_000_000_001_000_000_000L, "\"v1000000001\""));
    }

    @Test
    void knowsAnotherVersionOfTheSameSizeByItsTag() {
        put("a.flac", bytes("0123456789"));
        FileVersion old = entry("a.flac").version();
        put("a.flac", bytes("9876543210"));

        assertThat(kindOf(origin().read(new RealPath("a.flac"), old, new ByteRange(0, 3), Deadlines.generous())))
                .isEqualTo(dev.musicfs.failure.FailureKind.STALE);
    }

    @Test
    void readsFromAServerWithoutRanges() {
        byte[] bytes = new byte[3_000_000];
        new java.util.Random(1).nextBytes(bytes);
        put("a.flac", bytes);
        server.ranges(false);
        FileVersion version = entry("a.flac").version();

        for (ByteRange range : List.of(
                new ByteRange(0, 10),
                new ByteRange(1_234_567, 100_000),
                new ByteRange(2_999_990, 10),
                new ByteRange(0, 3_000_000))) {
            Buffer read = await(origin().read(new RealPath("a.flac"), version, range, Deadlines.generous()));
            assertThat(read).isEqualTo(Buffer.buffer(bytes).getBuffer((int) range.offset(), (int) range.end()));
        }
    }

    @Test
    void keepsItsConnectionsAndNeverHasMoreThanItsConcurrency() {
        put("a.flac", new byte[300_000]);
        FileVersion version = entry("a.flac").version();
        List<Future<Buffer>> reads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            reads.add(origin().read(
                            new RealPath("a.flac"), version, new ByteRange(i * 1000L, 1000), Deadlines.generous()));
        }
        reads.forEach(read -> assertThat(await(read).length()).isEqualTo(1000));
        for (int i = 0; i < 20; i++) {
            read("a.flac", i, 10);
        }

        assertThat(server.connections()).isLessThanOrEqualTo(CONCURRENCY);
    }

    @Test
    void saysUnavailableOnceItIsStopped() {
        await(origin.stop());

        assertThat(kindOf(origin.list(RealPath.ROOT))).isEqualTo(dev.musicfs.failure.FailureKind.UNAVAILABLE);
        assertThat(kindOf(origin.probe(Deadlines.generous()))).isEqualTo(dev.musicfs.failure.FailureKind.UNAVAILABLE);
    }
}
