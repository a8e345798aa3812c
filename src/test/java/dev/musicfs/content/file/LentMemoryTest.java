package dev.musicfs.content.file;

import static dev.musicfs.content.file.TestingRoom.KIB;
import static dev.musicfs.content.file.TestingRoom.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.content.fetch.ReadReply;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.testkit.Resilience;
import io.netty.util.ResourceLeakDetector;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The memory of blocks comes back after every outcome of a read. */
class LentMemoryTest {
    private final TestingRoom room = new TestingRoom(4L << 20, 0);
    private final byte[] bytes = TestingRoom.random(3 * MIB, 1);
    private CachedFile file;

    @BeforeAll
    static void watchLeaks() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    @BeforeEach
    void open() {
        file = room.open(1, bytes);
    }

    @AfterEach
    void closeAndAssertThatAllIsBack() {
        file.close();
        room.writers.hang(false);
        room.hashers.hang(false);
        while (room.origin.answerOne()) {
            room.settle();
        }
        room.pass(Duration.ofSeconds(40));
        room.assertNothingIsHeld();
    }

    @AfterEach
    void everythingIsGivenBack() {
        room.end();
    }

    @Test
    void aReplyHoldsItsBytesUntilItIsClosedAndThenNothing() {
        room.store.state = dev.musicfs.chunk.StoreState.UNUSABLE;
        Future<ReadReply> reply = read(0, 64 * KIB);
        file.close();
        room.settle();
        assertThat(lent()).as("the reply alone").isPositive();
        reply.result().close();
        reply.result().close();
        assertThat(lent()).isZero();
    }

    @Test
    @Resilience("3.8")
    void whatComesAfterTheDeadlineIsGivenBackWhenItComes() {
        room.origin.hold(true);
        Future<ReadReply> reply = read(0, 64 * KIB);
        room.pass(Duration.ofSeconds(31));
        assertThat(reply.failed()).isTrue();
        while (room.origin.answerOne()) {
            room.settle();
        }
        assertThat(lent()).isZero();
    }

    @Test
    void ofAReadThatFailsHalfwayNothingIsKept() {
        room.origin.hold(true);
        Future<ReadReply> reply = read(0, MIB);
        room.origin.answerOne();
        room.settle();
        room.origin.hold(false);
        room.origin.failWith(FailureKind.REJECTED);
        room.pass(Duration.ofSeconds(31));
        assertThat(reply.failed()).isTrue();
        room.origin.noFault();
        while (room.origin.answerOne()) {
            room.settle();
        }
        file.close();
        room.settle();
        assertThat(lent()).isZero();
    }

    @Test
    void whatIsEvictedFromMemoryIsGivenBack() {
        room.store.state = dev.musicfs.chunk.StoreState.UNWRITABLE;
        FileVersion large = room.origin.put("f2", 40L * MIB, 1, (offset, length) -> new byte[length]);
        CachedFile other = room.open(2, large);
        for (int i = 0; i < 40; i++) {
            room.read(other, (long) i * MIB, 64 * KIB);
            assertThat(lent()).isLessThanOrEqualTo(4L << 20);
        }
        other.close();
        room.settle();
        assertThat(lent()).isZero();
    }

    @Test
    void aWriterHoldsTheBlockUntilItIsStoredWhoeverGaveItUpMeanwhile() {
        room.writers.hang(true);
        room.read(file, 0, 64 * KIB);
        file.close();
        room.settle();
        assertThat(lent()).as("to be stored").isPositive();
        room.writers.hang(false);
        room.settle();
        assertThat(lent()).isZero();
        assertThat(room.store.chunks).isNotEmpty();
    }

    @Test
    void aBlockWhoseAddressCannotBeComputedIsGivenBack() {
        room.read(file, 2L * MIB, 64 * KIB);
        room.settle();
        room.store.chunks.clear();
        room.hashers.rejecting = true;
        Future<ReadReply> reply = read(2L * MIB, 64 * KIB);
        room.settle();
        if (reply.succeeded()) { // it was asked for where it had been stored
            reply = file.read(new ByteRange(2L * MIB, 64 * KIB), true, patience());
            room.settle();
        }
        room.hashers.rejecting = false;
        file.close();
        room.settle();
        assertThat(lent()).isZero();
    }

    @Test
    void whoGivesUpBeforeOrAfterTheDeliveryLeavesNothingBehind() {
        room.store.state = dev.musicfs.chunk.StoreState.UNUSABLE;
        ByteRange range = new ByteRange(0, 64 * KIB);
        ReadRequest early = new ReadRequest(file, range, false, patience());
        ReadRequest late = new ReadRequest(file, range, false, patience());
        ReadRequest taken = new ReadRequest(file, range, false, patience());
        Future<ReadReply> first = read(0, 64 * KIB);
        Future<ReadReply> second = read(0, 64 * KIB);
        Future<ReadReply> third = read(0, 64 * KIB);
        file.close();
        room.settle();
        early.abandon();
        early.deliver(first.result());
        late.deliver(second.result());
        late.abandon();
        assertThat(lent()).isPositive();
        taken.deliver(third.result());
        ReadReply reply = taken.take();
        taken.abandon();
        assertThat(lent()).as("who has taken it owns it").isPositive();
        reply.close();
        assertThat(lent()).isZero();
        assertThat(taken.take()).isNull();
    }

    private Deadline patience() {
        return Deadline.in(TestingRoom.PATIENCE, room.clock::monotonicNanos);
    }

    private Future<ReadReply> read(long offset, int length) {
        Future<ReadReply> reply = file.read(new ByteRange(offset, length), false, patience());
        room.settle();
        return reply;
    }

    private long lent() {
        return room.pipeline.pool().lentBytes();
    }
}
