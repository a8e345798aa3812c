package dev.musicfs.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each backend by itself on each bad network, without anybody to help it. */
@ExtendWith(LabExtension.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackendChaosTest {
    private static final int PIECE = 64 << 10;
    // With the three other calls as many as an origin's guard lets go at a time.
    private static final int PIECES = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    // Past its patience, for a machine that does something else meanwhile.
    private static final Duration BOUND = Duration.ofSeconds(8);
    private static final Duration HEALING = Duration.ofSeconds(30);
    private static final String FILE = "001.flac";

    private Proxied way;
    private Far far;
    private byte[] original;

    private void reach(Lab lab, Protocol protocol) throws IOException {
        Library library = Library.of(lab, "Backend", 1);
        original = Files.readAllBytes(library.dir().resolve(FILE));
        way = lab.wayTo(protocol);
        far = new Far(lab, protocol, library.dir(), way.port());
    }

    @AfterEach
    void leave() {
        if (far != null) {
            way.heal();
            far.close();
        }
        if (way != null) {
            way.close();
        }
    }

    static Stream<Arguments> pairs() {
        return Arrays.stream(Protocol.values())
                .flatMap(protocol -> Arrays.stream(Fault.values()).map(fault -> Arguments.of(protocol, fault)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    @Resilience("N.4")
    void everyCallEndsInTimeRightOrWithAKindOfFailure(Protocol protocol, Fault fault, Lab lab) throws Exception {
        reach(lab, protocol);
        OriginEntry file = far.file(FILE);
        way.ail(fault);

        long begin = System.nanoTime();
        List<Future<Buffer>> reads = new ArrayList<>();
        for (int i = 0; i < PIECES; i++) {
            reads.add(far.read(file, (long) i * PIECE, PIECE, PATIENCE));
        }
        List<Future<?>> others = List.of(
                far.origin().stat(file.path(), Deadline.in(PATIENCE)),
                far.origin().probe(Deadline.in(PATIENCE)),
                far.origin().list(RealPath.ROOT));
        int right = 0;
        Set<String> failures = new TreeSet<>();
        for (int i = 0; i < PIECES; i++) {
            right += isRight(reads.get(i), i, failures) ? 1 : 0;
        }
        for (Future<?> other : others) {
            failed(other, failures);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(took).isLessThan(BOUND);
        assertThat(failures).allMatch(failure -> failure.startsWith("TIMEOUT") || failure.startsWith("UNAVAILABLE"));
        if (!fault.mayFailReads()) {
            assertThat(right).isEqualTo(PIECES);
        }
        if (fault.stopsReads()) {
            assertThat(right).isZero();
        }

        way.heal();
        long healing = System.nanoTime();
        assertHealed(file);
        System.out.printf(
                "chaos: backend %-5s %-12s %d of %d reads right after %.1f s, healed after %.1f s %s%n",
                protocol,
                fault.title(),
                right,
                PIECES,
                took.toMillis() / 1e3,
                (System.nanoTime() - healing) / 1e9,
                failures);
    }

    /** As long as it may take, all pieces at once and right, with every thread there for others. */
    private void assertHealed(OriginEntry file) throws InterruptedException {
        Set<String> failures = new TreeSet<>();
        boolean healed = Polling.until(
                () -> {
                    List<Future<Buffer>> reads = new ArrayList<>();
                    for (int i = 0; i < PIECES; i++) {
                        reads.add(far.read(file, (long) i * PIECE, PIECE, Duration.ofSeconds(10)));
                    }
                    failures.clear();
                    int right = 0;
                    for (int i = 0; i < PIECES; i++) {
                        right += isRight(reads.get(i), i, failures) ? 1 : 0;
                    }
                    return right == PIECES;
                },
                Duration.ofMillis(50),
                Deadline.in(HEALING));
        assertThat(healed).as("it heals by itself; at last %s", failures).isTrue();
        assertThat(far.hasAllItsThreads()).as("no thread of its pool is stuck").isTrue();
        awaitFewConnections();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @Resilience("3.2")
    void readsShareConnectionsAndDeadOnesAreReplacedUnnoticed(Protocol protocol, Lab lab) throws Exception {
        reach(lab, protocol);
        OriginEntry file = far.file(FILE);
        Set<String> used = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertRight(file, i % PIECES);
            used.addAll(Connections.to(way.port()));
        }
        assertThat(used)
                .as("connections that a hundred reads took")
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(far.concurrency());

        way.ail(Fault.DOWN_AND_UP);
        assertThat(Polling.until(
                        () -> java.util.Collections.disjoint(Connections.to(way.port()), used),
                        Duration.ofMillis(10),
                        Deadline.in(HEALING)))
                .as("the old connections are closed at both ends")
                .isTrue();
        for (int i = 0; i < PIECES; i++) {
            assertRight(file, i);
        }
        awaitFewConnections();
    }

    // One that was given up may still be on its way to its end.
    private void awaitFewConnections() {
        assertThat(Polling.until(
                        () -> Connections.to(way.port()).size() <= far.concurrency(),
                        Duration.ofMillis(50),
                        Deadline.in(HEALING)))
                .as("no more connections are kept than may be")
                .isTrue();
    }

    private void assertRight(OriginEntry file, int piece) {
        Set<String> failures = new TreeSet<>();
        assertThat(isRight(far.read(file, (long) piece * PIECE, PIECE, Duration.ofSeconds(10)), piece, failures))
                .as("piece %d, or it failed with %s", piece, failures)
                .isTrue();
    }

    private boolean isRight(Future<Buffer> read, int piece, Set<String> failures) {
        if (failed(read, failures)) {
            return false;
        }
        byte[] wanted = Arrays.copyOfRange(original, piece * PIECE, (piece + 1) * PIECE);
        assertThat(read.result().getBytes()).as("bytes of piece %d", piece).isEqualTo(wanted);
        return true;
    }

    /** Waits for it; whether it failed, and adds how. */
    private static boolean failed(Future<?> future, Set<String> failures) {
        Far.await(future.otherwiseEmpty());
        if (future.failed()) {
            failures.add(MusicFsException.kindOf(future.cause()) + ": "
                    + future.cause().getMessage());
        }
        return future.failed();
    }
}
