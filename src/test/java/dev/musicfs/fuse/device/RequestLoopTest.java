package dev.musicfs.fuse.device;

import static dev.musicfs.fuse.device.ScriptedKernel.body;
import static dev.musicfs.fuse.device.ScriptedKernel.join;
import static dev.musicfs.fuse.device.ScriptedKernel.names;
import static dev.musicfs.fuse.device.ScriptedKernel.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.protocol.FuseRequest;
import dev.musicfs.fuse.protocol.Negotiation;
import dev.musicfs.fuse.protocol.Opcode;
import dev.musicfs.fuse.protocol.ReplyBody;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.ManualClock;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Trials;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop with a pair of sockets for the device and replies that are held. */
@Timeout(120)
class RequestLoopTest {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final ManualClock clock = new ManualClock();
    private final BlockingQueue<FuseReply> held = new LinkedBlockingQueue<>();
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();
    private RequestHandlerStub handler = new RequestHandlerStub((request, reply, mayBlock) -> held.add(reply));
    private RequestLoop loop = loop();

    /** What the handler does in {@link RequestHandler#handle}. */
    @FunctionalInterface
    private interface Handling {
        void handle(FuseRequest request, FuseReply reply, boolean mayBlock);
    }

    private record RequestHandlerStub(Handling handling) implements RequestHandler {
        @Override
        public void begin(Negotiation agreed) {}

        @Override
        public void handle(FuseRequest request, FuseReply reply, boolean mayBlock) {
            handling.handle(request, reply, mayBlock);
        }
    }

    private RequestLoop loop() {
        return new RequestLoop(
                kernel.device(),
                new LoopSettings(new Negotiation.Wishes(65536, 160), PATIENCE, clock),
                handler,
                defects::add);
    }

    private void start(Handling handling) {
        handler = new RequestHandlerStub(handling);
        loop = loop();
        loop.start();
    }

    @AfterEach
    void endConnection() throws Exception {
        kernel.close();
        loop.ended().get(60, TimeUnit.SECONDS);
        assertThat(loop.threadCount()).isZero();
        assertThat(defects).isEmpty();
    }

    @Test
    @Resilience("R.1")
    void aThousandRequestsWaitForTheirAnswersWithoutThreadsAndOthersAreAnsweredMeanwhile() {
        start((request, reply, mayBlock) -> {
            if (request.opcode() == Opcode.READ) {
                held.add(reply);
            } else {
                reply.ok();
            }
        });
        Set<Long> reads = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            reads.add(kernel.send(Opcode.READ, 2, body(40).array()));
        }
        await(() -> held.size() == 1000);

        for (int i = 0; i < 100; i++) {
            long asked = kernel.send(Opcode.STATFS, 1, new byte[0]);
            assertThat(kernel.receive()).isEqualTo(new ScriptedKernel.Reply(asked, 0, body(0)));
        }
        await(() -> loop.waitingCount() == 1000);
        assertThat(loop.threadCount()).isLessThanOrEqualTo(RequestLoop.MAX_THREADS);

        for (FuseReply reply : held) {
            assertThat(reply.data(bytes("of " + reply.unique()))).isTrue();
            ScriptedKernel.Reply got = kernel.receive();
            assertThat(text(got)).isEqualTo("of " + got.unique());
            assertThat(reads.remove(got.unique())).isTrue();
        }
        assertThat(loop.waitingCount()).isZero();
        await(loop::isIdle);
    }

    @Test
    @Resilience("R.1")
    void anUnansweredRequestFailsAtItsDeadlineAndALaterAnswerIsNotTaken() throws Exception {
        start((request, reply, mayBlock) -> held.add(reply));
        long asked = kernel.send(Opcode.OPEN, 2, body(8).array());
        FuseReply reply = taken();
        await(() -> loop.waitingCount() == 1);
        clock.advance(PATIENCE.minusSeconds(1));
        loop.expire();
        assertThat(reply.isAnswered()).isFalse();
        clock.advance(Duration.ofSeconds(1));

        loop.expire();

        ScriptedKernel.Reply late = kernel.receive();
        assertThat(late.unique()).isEqualTo(asked);
        assertThat(late.is(Errno.EIO)).isTrue();
        assertThat(reply.body(new ReplyBody.OpenOut(7, 0))).as("taken").isFalse();
        assertThat(loop.waitingCount()).isZero();
        assertNothingCame();
    }

    @Test
    void aRequestInTheHandsOfAThreadThatDoesNotComeBackFailsAtItsDeadline() throws Exception {
        CountDownLatch hang = new CountDownLatch(1);
        start((request, reply, mayBlock) -> {
            held.add(reply);
            awaitLatch(hang);
        });
        kernel.send(Opcode.READ, 2, body(40).array());
        taken();
        clock.advance(PATIENCE);

        loop.expire();

        assertThat(kernel.receive().is(Errno.EIO)).isTrue();
        hang.countDown();
    }

    @Test
    void theLastFreeThreadIsToldNotToBlockAndTheMountGoesOn() throws Exception {
        CountDownLatch disk = new CountDownLatch(1);
        start((request, reply, mayBlock) -> {
            if (request.opcode() == Opcode.READ && mayBlock) {
                held.add(reply);
                awaitLatch(disk);
                reply.ok();
            } else if (request.opcode() == Opcode.READ) {
                reply.error(Errno.EAGAIN); // in truth it is handed on
            } else {
                reply.ok();
            }
        });
        for (int i = 0; i < RequestLoop.MAX_THREADS - 1; i++) {
            kernel.send(Opcode.READ, 2, body(40).array());
            taken();
        }
        assertThat(loop.threadCount()).isEqualTo(RequestLoop.MAX_THREADS);

        for (int i = 0; i < 10; i++) {
            long read = kernel.send(Opcode.READ, 2, body(40).array());
            assertThat(kernel.receive()).isEqualTo(new ScriptedKernel.Reply(read, Errno.EAGAIN.negated(), body(0)));
            long stat = kernel.send(Opcode.STATFS, 1, new byte[0]);
            assertThat(kernel.receive().unique()).isEqualTo(stat);
        }

        assertThat(loop.isIdle()).isFalse();
        disk.countDown();
        for (int i = 0; i < RequestLoop.MAX_THREADS - 1; i++) {
            assertThat(kernel.receive().error()).isZero();
        }
        await(loop::isIdle);
        assertThat(loop.threadCount()).as("those that stay").isLessThan(RequestLoop.MAX_THREADS / 2);
    }

    @Test
    void anInterruptionFindsTheRequestThatWaits() throws Exception {
        start((request, reply, mayBlock) -> {
            reply.onInterrupt(() -> reply.error(Errno.EINTR));
            held.add(reply);
        });
        long asked = kernel.send(Opcode.READ, 2, body(40).array());
        taken();
        await(() -> loop.waitingCount() == 1);

        kernel.interrupt(asked);

        ScriptedKernel.Reply reply = kernel.receive();
        assertThat(reply.unique()).isEqualTo(asked);
        assertThat(reply.is(Errno.EINTR)).isTrue();
        assertThat(loop.waitingCount()).isZero();
    }

    @Test
    void anInterruptionFindsTheRequestThatAThreadIsAtWorkOnAndTheTaskThatIsSetAfterwardsRuns() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        start((request, reply, mayBlock) -> {
            reply.onInterrupt(interrupted::countDown);
            held.add(reply);
            awaitLatch(interrupted);
            reply.onInterrupt(() -> reply.error(Errno.EINTR));
        });
        long asked = kernel.send(Opcode.READ, 2, body(40).array());
        taken();

        kernel.interrupt(asked);

        assertThat(kernel.receive().is(Errno.EINTR)).isTrue();
    }

    @Test
    void theKernelIsToldToAskAgainAboutAnInterruptionOfWhatNobodyKnows() {
        start((request, reply, mayBlock) -> reply.ok());
        kernel.interrupt(4242);
        ScriptedKernel.Reply reply = kernel.receive();
        assertThat(reply.unique()).isEqualTo(4242 | 1);
        assertThat(reply.is(Errno.EAGAIN)).isTrue();
    }

    @Test
    void whoLeavesRefusesEverythingAsADeadMountDoesAndWhatWaitsIsStillAnswered() throws Exception {
        start((request, reply, mayBlock) -> held.add(reply));
        long waiting = kernel.send(Opcode.READ, 2, body(40).array());
        FuseReply reply = taken();
        loop.leave();

        kernel.send(Opcode.FORGET, 2, body(8).array());
        long asked = kernel.send(Opcode.LOOKUP, 1, names("a"));

        assertThat(kernel.receive()).isEqualTo(new ScriptedKernel.Reply(asked, Errno.ENOTCONN.negated(), body(0)));
        assertThat(loop.isIdle()).isFalse();
        reply.ok();
        assertThat(kernel.receive().unique()).isEqualTo(waiting);
        await(loop::isIdle);
    }

    @Test
    void whatTheHandlerThrowsFailsTheRequestAloneAndIsReported() {
        start((request, reply, mayBlock) -> {
            throw new IllegalStateException("seeded");
        });
        for (int i = 0; i < 20; i++) {
            kernel.send(Opcode.LOOKUP, 1, names("a"));
            assertThat(kernel.receive().is(Errno.EIO)).isTrue();
        }
        await(() -> defects.size() == 20);
        assertThat(defects).allSatisfy(defect -> assertThat(defect).hasMessage("seeded"));
        defects.clear();
    }

    @Test
    void nothingIsEverSentForAForgottenNode() {
        start((request, reply, mayBlock) -> {
            if (reply.error(Errno.EIO)) {
                throw new AssertionError("sent");
            }
            if (request.opcode() == Opcode.BATCH_FORGET) {
                throw new IllegalStateException("seeded");
            }
        });
        kernel.send(Opcode.FORGET, 2, body(8).array());
        kernel.send(Opcode.BATCH_FORGET, 0, body(8).putInt(0).array());
        kernel.sendBytes(
                request(Opcode.BATCH_FORGET.number(), 6, 0, body(8).putInt(3).array())); // says three, has none
        kernel.sendBytes(request(Opcode.FORGET.number(), 8, 2, new byte[3]));
        await(() -> !defects.isEmpty());
        assertThat(defects).hasSize(1);
        defects.clear();
        assertNothingCame();
        assertThat(loop.waitingCount()).isZero();
    }

    @Test
    void theEndOfTheConnectionEndsWhatWaitsAndClosesTheDeviceOnceNobodyIsInIt() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        start((request, reply, mayBlock) -> {
            reply.onInterrupt(() -> told.add("end"));
            held.add(reply);
        });
        kernel.send(Opcode.READ, 2, body(40).array());
        FuseReply reply = taken();
        await(() -> loop.waitingCount() == 1);

        kernel.close();

        loop.ended().get(60, TimeUnit.SECONDS);
        assertThat(told).containsExactly("end");
        assertThat(reply.ok()).isFalse();
        assertThat(loop.waitingCount()).isZero();
        assertThat(kernel.device().write(0, 0)).isEqualTo(Errno.EBADF.negated());
        assertThatThrownBy(() -> loop.ready().get()).isInstanceOf(ExecutionException.class);
    }

    @Test
    void isReadyOnceTheKernelHasItsReply() throws Exception {
        start((request, reply, mayBlock) -> reply.ok());
        assertThat(loop.ready()).isNotDone();
        ScriptedKernel.Reply reply = kernel.init(45, -1L);
        assertThat(reply.error()).isZero();
        loop.ready().get(60, TimeUnit.SECONDS);
        assertThat(reply.body().getInt(0)).isEqualTo(7);
        assertThat(reply.body().getInt(4)).isEqualTo(45);
        assertThat(reply.body().getInt(8)).isEqualTo(65536);
        assertThat(loop.callCounts()).containsExactly(Map.entry("INIT", 1L));
    }

    @Test
    void aKernelWithANewerMajorVersionIsOfferedOursAndTriesAgain() throws Exception {
        start((request, reply, mayBlock) -> reply.ok());
        kernel.send(Opcode.INIT, 0, ScriptedKernel.initIn(8, 0, 0));
        assertThat(kernel.receive().body().getInt(0)).isEqualTo(7);
        assertThat(loop.ready()).isNotDone();
        assertThat(kernel.init(40, 0).error()).isZero();
        loop.ready().get(60, TimeUnit.SECONDS);
    }

    @Test
    void aKernelThatIsTooOldIsRefused() {
        start((request, reply, mayBlock) -> reply.ok());
        assertThat(kernel.init(11, 0).is(Errno.EINVAL)).isTrue();
        assertThatThrownBy(() -> loop.ready().get(60, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
    }

    @Test
    void answersUnknownOpcodesAndMalformedRequestsWithErrorsAndGoesOn() {
        start((request, reply, mayBlock) -> reply.ok());
        for (int opcode : List.of(0, 7, 19, 48, 49, 53, 63, 64, 4096, 436207616, -1, Integer.MIN_VALUE)) {
            kernel.send(opcode, 1, new byte[8]);
            assertThat(kernel.receive().is(Errno.ENOSYS)).as("opcode " + opcode).isTrue();
        }
        byte[] whole = request(Opcode.RENAME.number(), 98, 1, join(body(8).array(), names("a", "b")));
        for (int length = FuseRequest.HEADER_BYTES; length < whole.length; length++) {
            kernel.sendBytes(Arrays.copyOf(whole, length)); // truncated: it says that it is longer
            assertThat(kernel.receive().is(Errno.EINVAL)).isTrue();
            byte[] cut = Arrays.copyOf(whole, length);
            ByteBuffer.wrap(cut).order(ByteOrder.nativeOrder()).putInt(0, length);
            kernel.sendBytes(cut);
            assertThat(kernel.receive().is(Errno.EINVAL)).isTrue();
        }
        kernel.sendBytes(whole);
        assertThat(kernel.receive().error()).isZero();
    }

    @Test
    void aPacketWithoutAHeaderIsReportedAndNotAnswered() {
        start((request, reply, mayBlock) -> reply.ok());
        kernel.sendBytes(new byte[FuseRequest.HEADER_BYTES - 1]);
        await(() -> defects.size() == 1);
        defects.clear();
        assertNothingCame();
    }

    @Test
    void everyRequestOfRandomBytesIsAnsweredOnceAndNothingBreaks() {
        start((request, reply, mayBlock) -> {
            touchEverything(request);
            if (request.opcode().wantsReply()) {
                reply.ok();
            } else {
                reply.none();
            }
        });
        AtomicLong numbers = new AtomicLong(1 << 20);
        Set<Long> interruptions = new HashSet<>();
        Trials.check(3000, draw -> {
            int bodyBytes = draw.number(0, 200);
            byte[] body = new byte[bodyBytes];
            new Random(draw.anyLong()).nextBytes(body);
            int zeros = draw.number(0, bodyBytes);
            Arrays.fill(body, zeros, Math.min(bodyBytes, zeros + draw.number(0, 60)), (byte) 0);
            int opcode = draw.number(0, 8) == 0 ? (int) draw.anyLong() : draw.number(1, 60);
            long number = numbers.addAndGet(2);
            byte[] bytes = request(opcode, number, draw.anyLong(), body);
            if (draw.number(0, 5) == 0) {
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.nativeOrder())
                        .putShort(36, (short) draw.number(0, 0xFFFF))
                        .putInt(0, bytes.length + (draw.flag() ? 0 : draw.number(-8, 8)));
            }
            Opcode known = Opcode.of(opcode);
            if (known == Opcode.INTERRUPT) {
                interruptions.add(number);
            }
            kernel.sendBytes(bytes);
            long probe = kernel.send(Opcode.STATFS, 1, new byte[0]);
            List<Long> got = new ArrayList<>();
            boolean wanted = known == null || known.wantsReply();
            while (got.size() < (wanted ? 2 : 1)) {
                long answered = kernel.receive().unique();
                if (!interruptions.contains(answered)) { // which may be told to come again, at any time
                    got.add(answered);
                }
            }
            assertThat(got).containsExactlyInAnyOrderElementsOf(wanted ? List.of(number, probe) : List.of(probe));
        });
    }

    private static void touchEverything(FuseRequest request) {
        switch (request.opcode()) {
            case LOOKUP, UNLINK, RMDIR, MKNOD, MKDIR, CREATE, GETXATTR, SETXATTR, REMOVEXATTR, LINK, TMPFILE ->
                request.name();
            case RENAME, RENAME2, SYMLINK -> {
                request.name();
                request.secondName();
            }
            case READ, READDIR, READDIRPLUS -> request.readIn();
            case OPEN, OPENDIR -> request.openIn().wantsToWrite();
            case RELEASE, RELEASEDIR, FLUSH, FSYNC, FSYNCDIR -> request.handleIn();
            case GETATTR -> request.getattrIn();
            case SETATTR -> request.setattrIn();
            case FORGET, BATCH_FORGET -> request.forgets();
            case LISTXATTR -> request.getxattrIn();
            case ACCESS -> request.accessIn();
            case LSEEK -> request.lseekIn();
            case IOCTL -> request.ioctlIn();
            case STATX -> request.statxIn();
            default -> {}
        }
    }

    /** Whatever is asked next is answered next. */
    private void assertNothingCame() {
        long probe = kernel.send(4095, 1, new byte[0]);
        assertThat(kernel.receive().unique()).isEqualTo(probe);
    }

    private FuseReply taken() throws InterruptedException {
        FuseReply reply = held.poll(60, TimeUnit.SECONDS);
        assertThat(reply).isNotNull();
        return reply;
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ScriptedKernel.Reply reply) {
        return StandardCharsets.UTF_8.decode(reply.body()).toString();
    }

    private static void await(BooleanSupplier condition) {
        assertThat(Polling.until(condition, Duration.ofMillis(1), Deadline.in(Duration.ofSeconds(30))))
                .isTrue();
    }
}
