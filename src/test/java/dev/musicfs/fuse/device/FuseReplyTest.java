package dev.musicfs.fuse.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.kenai.jffi.MemoryIO;
import dev.musicfs.failure.Errno;
import dev.musicfs.fuse.protocol.ReplyBody;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.testkit.ManualClock;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Trials;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replies to a device that takes or refuses them as it is told. */
class FuseReplyTest {
    private static final long UNIQUE = 0x1234_5678_9ABCL;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @SuppressWarnings("ArrayRecordComponent")
    private record Sent(int error, byte[] body) {}

    private final ManualClock clock = new ManualClock();
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();
    private final TestingDevice device = new TestingDevice();
    private final ReplyBuffers buffers = new ReplyBuffers();
    private final WaitingReplies waiting = new WaitingReplies();
    private final ReplySink sink = new ReplySink(device, buffers, defects::add);

    private static final class TestingDevice implements Device {
        private final List<Sent> sent = new ArrayList<>();
        private final Deque<Errno> refusals = new ArrayDeque<>();

        @Override
        public int readBlocking(long address, int size) {
            throw new AssertionError("nobody reads here");
        }

        @Override
        public int write(long address, int length) {
            return write(address, length, 0, 0);
        }

        @Override
        public int write(long header, int headerLength, long data, int dataLength) {
            if (!refusals.isEmpty()) {
                return refusals.remove().negated();
            }
            MemoryIO io = MemoryIO.getInstance();
            assertThat(io.getInt(header)).as("length").isEqualTo(headerLength + dataLength);
            assertThat(io.getLong(header + 8)).as("unique").isEqualTo(UNIQUE);
            byte[] body = new byte[headerLength - ReplyBuffer.HEADER_BYTES + dataLength];
            io.getByteArray(header + ReplyBuffer.HEADER_BYTES, body, 0, headerLength - ReplyBuffer.HEADER_BYTES);
            io.getByteArray(data, body, headerLength - ReplyBuffer.HEADER_BYTES, dataLength);
            sent.add(new Sent(io.getInt(header + 4), body));
            return 0;
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void everyBufferIsBack() {
        assertThat(buffers.lent()).isZero();
        assertThat(defects).isEmpty();
    }

    @Test
    void sendsEachKindOfReplyInOneWrite() {
        assertThat(reply().ok()).isTrue();
        assertThat(reply().error(Errno.EROFS)).isTrue();
        assertThat(reply().body(new ReplyBody.OpenOut(7, ReplyBody.OpenOut.FOPEN_KEEP_CACHE)))
                .isTrue();
        assertThat(reply().data(ByteBuffer.wrap(new byte[] {9, 1, 2, 3}, 1, 2))).isTrue();
        ByteBuffer direct = ByteBuffer.allocateDirect(4).put(new byte[] {9, 1, 2, 3});
        assertThat(reply().data(direct.position(2))).isTrue();
        FuseReply last = reply();
        ReplyBuffer buffer = last.buffer(100);
        buffer.content().put((byte) 5);
        assertThat(last.data(buffer)).isTrue();

        assertThat(device.sent.stream().map(Sent::error)).containsExactly(0, Errno.EROFS.negated(), 0, 0, 0, 0);
        assertThat(device.sent.get(0).body()).isEmpty();
        ByteBuffer open = ByteBuffer.wrap(device.sent.get(2).body()).order(ByteOrder.nativeOrder());
        assertThat(open.remaining()).isEqualTo(16);
        assertThat(open.getLong()).isEqualTo(7);
        assertThat(open.getInt()).isEqualTo(2);
        assertThat(device.sent.get(3).body()).containsExactly(1, 2);
        assertThat(device.sent.get(4).body()).containsExactly(2, 3);
        assertThat(device.sent.get(5).body()).containsExactly(5);
    }

    @Test
    void everyBodyIsAsLongAsItSays() {
        ReplyBody.Attr attr = new ReplyBody.Attr(1, 2, 3, 4, 5, 6, 7, 8, 9);
        List<ReplyBody.Body> bodies = List.of(
                new ReplyBody.EntryOut(1, 2, PATIENCE, PATIENCE, attr),
                ReplyBody.EntryOut.absent(PATIENCE),
                new ReplyBody.AttrOut(PATIENCE, attr),
                new ReplyBody.OpenOut(1, 2),
                new ReplyBody.StatfsOut(1, 2, 3, 4, 5),
                new ReplyBody.GetxattrOut(1),
                new ReplyBody.LseekOut(1));
        List<Integer> lengths = List.of(128, 128, 104, 16, 80, 8, 8);
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(reply().body(bodies.get(i))).isTrue();
            assertThat(device.sent.get(i).body()).as("%s", bodies.get(i)).hasSize(lengths.get(i));
            assertThat(bodies.get(i).sizeBytes()).isEqualTo(lengths.get(i));
        }
    }

    @Test
    void isAnsweredOnceWhoeverComesSecond() {
        FuseReply reply = reply();
        assertThat(reply.error(Errno.ENOENT)).isTrue();
        assertThat(reply.ok()).isFalse();
        assertThat(reply.body(new ReplyBody.OpenOut(7, 0))).isFalse();
        assertThat(reply.data(reply.buffer(10))).isFalse();
        assertThat(device.sent).hasSize(1);
    }

    @Test
    @Resilience("R.1")
    void aReplyThatTheKernelRefusesIsAnErrorAtOnceAndReported() {
        for (Errno refusal : List.of(Errno.EINVAL, Errno.EIO, Errno.ENOMEM)) {
            device.sent.clear();
            device.refusals.add(refusal);
            assertThat(reply().body(new ReplyBody.OpenOut(7, 0))).as("taken").isFalse();
            assertThat(device.sent).hasSize(1);
            assertThat(device.sent.get(0).error()).isEqualTo(Errno.EIO.negated());
            assertThat(device.sent.get(0).body()).isEmpty();
            assertThat(defects).hasSize(1);
            defects.clear();
        }
    }

    @Test
    void whoIsGoneIsNotToldAnythingMore() {
        for (Errno gone : List.of(Errno.ENOENT, Errno.ENODEV, Errno.ECONNABORTED, Errno.EPERM, Errno.EBADF)) {
            device.refusals.add(gone);
            assertThat(reply().body(new ReplyBody.OpenOut(7, 0))).as("%s", gone).isFalse();
        }
        assertThat(device.sent).isEmpty();
    }

    @Test
    void triesAgainAfterAnInterruptionOfTheCall() {
        device.refusals.addAll(List.of(Errno.EINTR, Errno.EAGAIN));
        assertThat(reply().ok()).isTrue();
        device.refusals.addAll(List.of(Errno.EINTR, Errno.EAGAIN));
        assertThat(reply().data(ByteBuffer.allocateDirect(3))).isTrue();
        assertThat(device.sent).hasSize(2);
    }

    @Test
    void whatDoesNotFitIntoAReplyIsAnErrorAndReported() {
        assertThat(reply().data(ByteBuffer.allocate(ReplyBuffers.MAX_CONTENT_BYTES + 1)))
                .isFalse();
        assertThat(device.sent.get(0).error()).isEqualTo(Errno.EIO.negated());
        assertThat(defects).hasSize(1);
        defects.clear();
    }

    @Test
    void sendsNothingToWhomNothingIsOwed() {
        FuseReply forget = new FuseReply(sink, waiting::remove, UNIQUE, false, deadline());
        assertThat(forget.error(Errno.EIO)).isFalse();
        new FuseReply(sink, waiting::remove, UNIQUE, false, deadline()).none();
        assertThat(device.sent).isEmpty();
        assertThatThrownBy(() -> reply().none()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatAnInterruptionThrowsIsReportedAndTheOthersAreSeenTo() {
        for (int i = 0; i < 3; i++) {
            FuseReply reply = new FuseReply(sink, waiting::remove, i, true, deadline());
            reply.onInterrupt(() -> {
                throw new IllegalStateException("seeded");
            });
            waiting.add(reply);
        }
        waiting.abandon();
        assertThat(waiting.count()).isZero();
        assertThat(defects).hasSize(3);
        defects.clear();
    }

    /** A model of what may befall a reply that has a buffer: in whatever order, each buffer is back and one reply was sent. */
    @Test
    void everyBufferIsBackAfterEveryOutcome() {
        Trials.check(2000, draw -> {
            device.sent.clear();
            FuseReply reply = reply();
            waiting.add(reply);
            List<ReplyBuffer> taken = new ArrayList<>();
            for (int step = draw.number(1, 8); step > 0; step--) {
                boolean before = reply.isAnswered();
                switch (draw.number(0, 7)) {
                    case 0 -> taken.add(reply.buffer(draw.number(0, ReplyBuffers.MAX_CONTENT_BYTES)));
                    case 1 -> {
                        if (!taken.isEmpty()) {
                            ReplyBuffer buffer = taken.remove(taken.size() - 1);
                            buffer.content()
                                    .position(draw.number(0, buffer.content().capacity()));
                            reply.data(buffer);
                        }
                    }
                    case 2 -> reply.error(Errno.EIO);
                    case 3 -> {
                        clock.advance(PATIENCE);
                        waiting.expire();
                    }
                    case 4 -> {
                        device.refusals.add(draw.of(Errno.EINVAL, Errno.ENOENT, Errno.ENODEV));
                        if (!taken.isEmpty()) {
                            reply.data(taken.remove(taken.size() - 1));
                        }
                        device.refusals.clear();
                    }
                    case 5 -> waiting.abandon();
                    case 6 -> {
                        ReplyBuffer owner = reply.buffer(10);
                        reply.onInterrupt(owner::close);
                        reply.interrupt();
                        owner.close();
                    }
                    default -> {
                        if (!taken.isEmpty()) {
                            taken.get(0).close(); // and once more below
                        }
                    }
                }
                assertThat(reply.isAnswered() || !before).isTrue();
            }
            taken.forEach(ReplyBuffer::close);
            reply.error(Errno.EIO);
            assertThat(buffers.lent()).isZero();
            assertThat(device.sent.size()).isLessThanOrEqualTo(1);
            assertThat(waiting.count()).isZero();
        });
        defects.clear();
    }

    @Test
    void noTwoAtATimeHaveTheSameMemory() {
        Trials.check(200, draw -> {
            List<ReplyBuffer> taken = new ArrayList<>();
            List<Byte> marks = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                if (!taken.isEmpty() && draw.flag()) {
                    int which = draw.number(0, taken.size() - 1);
                    ReplyBuffer buffer = taken.remove(which);
                    byte mark = marks.remove(which);
                    for (int at = 0; at < buffer.content().capacity(); at += 97) {
                        assertThat(buffer.content().get(at)).isEqualTo(mark);
                    }
                    buffer.close();
                    buffer.close();
                } else {
                    ReplyBuffer buffer = buffers.take(draw.number(0, 20_000));
                    byte mark = (byte) step;
                    for (int at = 0; at < buffer.content().capacity(); at++) {
                        buffer.content().put(at, mark);
                    }
                    taken.add(buffer);
                    marks.add(mark);
                }
                assertThat(buffers.lent()).isEqualTo(taken.size());
            }
            taken.forEach(ReplyBuffer::close);
        });
    }

    private Deadline deadline() {
        return Deadline.in(PATIENCE, clock::monotonicNanos);
    }

    private FuseReply reply() {
        return new FuseReply(sink, waiting::remove, UNIQUE, true, deadline());
    }
}
