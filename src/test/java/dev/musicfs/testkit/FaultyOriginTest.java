package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.testkit.FaultyOrigin.Call;
import dev.musicfs.testkit.FaultyOrigin.HeldCall;
import dev.musicfs.testkit.FaultyOrigin.Method;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FaultyOriginTest {
    private static final RealPath PATH = new RealPath("d/a.flac");
    private static final byte[] BYTES = MemoryOrigin.bytesOf("d/a.flac", 200);

    private final MemoryOrigin files = new MemoryOrigin("memory");
    private final ManualTimers timers = new ManualTimers();
    private final FaultyOrigin origin = new FaultyOrigin(files, timers);
    private FileVersion version;

    @BeforeEach
    void fill() {
        version = files.put(PATH.value(), BYTES);
    }

    @Test
    void countsCallsByMethodAndTheBytesTheyGave() {
        origin.start();
        origin.list(RealPath.ROOT);
        origin.stat(PATH, Deadlines.generous());
        origin.mode(new OriginMode.AuthRejected());
        origin.stat(PATH, Deadlines.generous());
        read(0, 200);
        origin.mode(new OriginMode.Healthy());
        read(150, 200);
        read(0, 1);
        origin.probe(Deadlines.generous());
        origin.stop();

        assertThat(List.of(Method.values())).extracting(origin::calls).containsExactly(1, 1, 1, 2, 3, 1);
        assertThat(origin.bytes()).isEqualTo(51);
        assertThat(origin.underWay()).isZero();
    }

    @Test
    void failsEveryNthCall() {
        origin.mode(new OriginMode.FailEveryNth(3));

        assertThat(probes(7)).containsExactly("-", "-", "UNAVAILABLE", "-", "-", "UNAVAILABLE", "-");
    }

    @Test
    void failsAfterSoManyCalls() {
        origin.mode(new OriginMode.FailAfterN(2));
        assertThat(probes(4)).containsExactly("-", "-", "UNAVAILABLE", "UNAVAILABLE");

        origin.mode(new OriginMode.FailAfterN(1));
        assertThat(probes(2)).containsExactly("-", "UNAVAILABLE");
    }

    @Test
    void answersEveryCallWithAnError() {
        origin.mode(new OriginMode.ReturnError(FailureKind.STALE));
        assertThat(everyCall()).containsOnly("STALE");

        origin.mode(new OriginMode.AuthRejected());
        assertThat(everyCall()).containsOnly("REJECTED");

        origin.mode(new OriginMode.Healthy());
        assertThat(everyCall()).containsOnly("-");
    }

    @Test
    void failsSomeCallsOnly() {
        origin.mode(new OriginMode.AuthRejected(), call -> call.equals(new Call(Method.STAT, PATH)));

        assertThat(everyCall()).containsExactly("-", "REJECTED", "-", "-");
    }

    @Test
    void hangsUntilItsTimeIsOver() {
        origin.mode(new OriginMode.Timeout(Duration.ofSeconds(30)));
        Future<Void> probe = origin.probe(Deadlines.generous());

        timers.advance(Duration.ofMillis(29_999));
        assertThat(probe.isComplete()).isFalse();
        assertThat(origin.underWay()).isOne();

        timers.advance(Duration.ofMillis(1));
        assertThat(outcome(probe)).isEqualTo("TIMEOUT");
    }

    @Test
    void readsOnlyPart() {
        origin.mode(new OriginMode.PartialRead(10));

        assertThat(read(5, 100)).isEqualTo(slice(5, 10));
        assertThat(read(5, 3)).isEqualTo(slice(5, 3));
    }

    @Test
    void flipsTheSameBitsEachTime() {
        origin.mode(new OriginMode.WrongBytes());
        byte[] expected = BYTES.clone();
        for (int at : new int[] {0, 64, 128, 192}) {
            expected[at] ^= 1;
        }

        assertThat(read(0, 200)).isEqualTo(Buffer.buffer(expected)).isEqualTo(read(0, 200));
        assertThat(read(5, 1)).isNotEqualTo(slice(5, 1));

        origin.mode(new OriginMode.Healthy());
        assertThat(read(0, 200)).isEqualTo(Buffer.buffer(BYTES));
    }

    @Test
    void givesTheWrongLength() {
        origin.mode(new OriginMode.WrongLength(-3));
        assertThat(read(0, 10)).isEqualTo(slice(0, 7));
        assertThat(read(0, 2).length()).isZero();

        origin.mode(new OriginMode.WrongLength(2));
        assertThat(read(0, 10)).isEqualTo(slice(0, 10).copy().appendBytes(new byte[2]));
    }

    @Test
    void dripsAtItsRate() {
        origin.mode(new OriginMode.SlowDrip(100));
        Future<Buffer> read = origin.read(PATH, version, new ByteRange(0, 150), Deadlines.generous());

        timers.advance(Duration.ofMillis(1_499));
        assertThat(read.isComplete()).isFalse();
        timers.advance(Duration.ofMillis(1));
        assertThat(read.result()).isEqualTo(slice(0, 150));
        assertThat(origin.probe(Deadlines.generous()).isComplete()).isTrue();
    }

    @Test
    void looksLikeTheDirectoryBelowAMount() {
        origin.mode(new OriginMode.EmptyListing());

        assertThat(origin.list(RealPath.ROOT).result()).isEmpty();
        assertThat(outcome(origin.list(PATH.parent()))).isEqualTo("NOT_FOUND");
        assertThat(outcome(origin.stat(PATH, Deadlines.generous()))).isEqualTo("NOT_FOUND");
        assertThat(outcome(origin.read(PATH, version, new ByteRange(0, 1), Deadlines.generous())))
                .isEqualTo("NOT_FOUND");
        assertThat(outcome(origin.probe(Deadlines.generous()))).isEqualTo("-");
    }

    @Test
    void listsWhatWasThereWhenTheModeWasSet() {
        assertThat(origin.mode(new OriginMode.StaleListing()).succeeded()).isTrue();
        files.put("d/new.flac", BYTES);
        FileVersion newer = files.put(PATH.value(), BYTES);

        assertThat(origin.list(PATH.parent()).result())
                .extracting(OriginEntry::path, OriginEntry::version)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(PATH, version));
        assertThat(origin.stat(PATH, Deadlines.generous()).result().version()).isEqualTo(version);
        assertThat(outcome(origin.stat(new RealPath("d/new.flac"), Deadlines.generous())))
                .isEqualTo("NOT_FOUND");
        assertThat(outcome(origin.read(PATH, version, new ByteRange(0, 1), Deadlines.generous())))
                .isEqualTo("STALE");

        origin.mode(new OriginMode.Healthy());
        assertThat(origin.stat(PATH, Deadlines.generous()).result().version()).isEqualTo(newer);
    }

    @Test
    void holdsCallsUntilEachIsLetGo() throws InterruptedException {
        origin.mode(new OriginMode.Held());
        Future<OriginEntry> first = origin.stat(PATH, Deadlines.generous());
        Future<Void> second = origin.probe(Deadlines.generous());
        origin.mode(new OriginMode.Healthy());
        HeldCall one = origin.takeHeld();
        HeldCall two = origin.takeHeld();

        assertThat(one.call()).isEqualTo(new Call(Method.STAT, PATH));
        assertThat(origin.underWay()).isEqualTo(2);
        two.fail(FailureKind.TIMEOUT);
        assertThat(outcome(second)).isEqualTo("TIMEOUT");
        assertThat(first.isComplete()).isFalse();
        one.release();
        assertThat(first.result().version()).isEqualTo(version);
    }

    private List<String> everyCall() {
        return List.of(
                outcome(origin.list(RealPath.ROOT)),
                outcome(origin.stat(PATH, Deadlines.generous())),
                outcome(origin.read(PATH, version, new ByteRange(0, 1), Deadlines.generous())),
                outcome(origin.probe(Deadlines.generous())));
    }

    private List<String> probes(int count) {
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            outcomes.add(outcome(origin.probe(Deadlines.generous())));
        }
        return outcomes;
    }

    private Buffer read(long offset, long length) {
        Future<Buffer> read = origin.read(PATH, version, new ByteRange(offset, length), Deadlines.generous());
        return read.succeeded() ? read.result() : Buffer.buffer("failed");
    }

    private static Buffer slice(int offset, int length) {
        return Buffer.buffer(BYTES).slice(offset, offset + length);
    }

    private static String outcome(Future<?> future) {
        assertThat(future.isComplete()).isTrue();
        return future.succeeded()
                ? "-"
                : MusicFsException.kindOf(future.cause()).name();
    }
}
