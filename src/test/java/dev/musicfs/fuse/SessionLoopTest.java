package dev.musicfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.ManualClock;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The session loop and the bridge with a kernel and a libfuse made here, and answers that are held. */
@Timeout(120)
class SessionLoopTest {
    private static final String ADDRESS = "musicfs.test.content";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int STAT = 3;
    private static final int WRITE_ONLY = 1;
    private static final int REQUEST_BYTES = KernelRequest.HEADER_BYTES + 40;

    private record Request(long unique, int opcode, int flags) {}

    private final Vertx vertx = TestingVertx.start();
    private final Bridge bridge = new Bridge();
    private final ManualClock clock = new ManualClock();
    private final BlockingQueue<Request> kernel = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message<Object>> held = new LinkedBlockingQueue<>();
    private final Map<Long, Object> outcomes = new ConcurrentHashMap<>();
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();
    private final OperationTable closures = new OperationTable();
    private AdmissionQueue queue = new AdmissionQueue(Clock.system());
    private SessionLoop loop;
    private long uniques;

    @BeforeEach
    void connect() {
        LocalMessages.register(vertx);
        bridge.connect(vertx);
        vertx.eventBus().localConsumer(ADDRESS, held::add);
    }

    @AfterEach
    void endSession() throws Exception {
        bridge.close();
        kernel.add(new Request(0, 0, 0));
        loop.ended().get(60, TimeUnit.SECONDS);
        closures.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(defects).isEmpty();
    }

    @Test
    @Resilience("R.1")
    void readersBeyondThePlacesWaitWithoutAThreadAndAllAreAnsweredAndStatMeanwhile() throws Exception {
        start(queue);
        List<Long> asked = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            asked.add(send(KernelRequest.OPEN));
            asked.add(send(KernelRequest.READ));
        }
        await(() -> held.size() == AdmissionQueue.PLACES && queue.setAsideCount() == 1000 - AdmissionQueue.PLACES);

        for (int i = 0; i < 100; i++) {
            long stat = send(STAT);
            await(() -> "at once".equals(outcomes.get(stat)));
        }
        assertThat(outcomes).hasSize(100);
        assertThat(loop.threadCount()).isLessThan(SessionLoop.MAX_THREADS);

        for (int i = 0; i < asked.size(); i++) {
            answerOne();
        }
        await(() -> outcomes.size() == 1100);
        assertThat(asked).allSatisfy(unique -> assertThat(outcomes.get(unique)).isEqualTo("bytes of " + unique));
        assertThat(bridge.waiting()).isZero();
    }

    @Test
    @Resilience("R.1")
    void anOpenBeyondThePlacesIsAnsweredWhenAPlaceIsFree() throws Exception {
        start(new AdmissionQueue(clock, 1, 1, 10));
        long first = send(KernelRequest.OPEN);
        await(() -> held.size() == 1);
        long second = send(KernelRequest.OPEN);
        await(() -> queue.setAsideCount() == 1);
        clock.advance(PATIENCE.dividedBy(2));

        answerOne();
        answerOne();

        await(() -> outcomes.size() == 2);
        assertThat(outcomes).containsEntry(first, "bytes of " + first).containsEntry(second, "bytes of " + second);
    }

    @Test
    @Resilience("R.1")
    void pastItsDeadlineItFailsWithTimeoutAndNobodyIsAsked() throws Exception {
        start(new AdmissionQueue(clock, 1, 1, 10));
        long first = send(KernelRequest.OPEN);
        await(() -> held.size() == 1);
        long second = send(KernelRequest.OPEN);
        await(() -> queue.setAsideCount() == 1);
        clock.advance(PATIENCE);

        answerOne();

        await(() -> outcomes.size() == 2);
        assertThat(outcomes).containsEntry(first, "bytes of " + first).containsEntry(second, FailureKind.TIMEOUT);
        assertThat(held).isEmpty();
        long third = send(KernelRequest.OPEN);
        answerOne();
        await(() -> ("bytes of " + third).equals(outcomes.get(third)));
    }

    @Test
    void openingsLeavePlacesForReadsAndNobodyWaitsToBeRefusedWriting() throws Exception {
        start(new AdmissionQueue(clock, 3, 2, 10));
        for (int i = 0; i < 3; i++) {
            send(KernelRequest.OPEN);
        }
        await(() -> held.size() == 2 && queue.setAsideCount() == 1);

        send(KernelRequest.READ);
        await(() -> held.size() == 3);
        long writing = send(KernelRequest.OPEN, WRITE_ONLY);
        await(() -> "at once".equals(outcomes.get(writing)));

        for (int i = 0; i < 4; i++) {
            answerOne();
        }
        await(() -> outcomes.size() == 5);
        assertThat(outcomes).doesNotContainValue(FailureKind.TIMEOUT);
    }

    @Test
    void noMoreWaitThanTheBoundAndTheRestIsAnsweredWithAnError() throws Exception {
        start(new AdmissionQueue(clock, 1, 1, 1));
        send(KernelRequest.READ);
        await(() -> held.size() == 1);
        send(KernelRequest.READ);
        await(() -> queue.setAsideCount() == 1);

        long tooMany = send(KernelRequest.READ);

        await(() -> Integer.valueOf(Errno.EIO.negated()).equals(outcomes.get(tooMany)));
        answerOne();
        answerOne();
        await(() -> outcomes.size() == 3);
    }

    @Test
    void whoWaitsForAPlaceWhenTheMountIsLeftIsAnsweredAsByADeadMount() throws Exception {
        start(new AdmissionQueue(clock, 1, 1, 10));
        send(KernelRequest.OPEN);
        await(() -> held.size() == 1);
        long waiting = send(KernelRequest.OPEN);
        await(() -> queue.setAsideCount() == 1);

        loop.leave();
        answerOne();

        await(() -> Integer.valueOf(Errno.ENOTCONN.negated()).equals(outcomes.get(waiting)));
    }

    @Test
    void theKernelHandsOverFewerBufferedReadsThanThereArePlacesAndThreads() {
        start(queue);
        assertThat(new MountOptions(Duration.ZERO, false, 0).asOptionString())
                .contains("max_background=" + AdmissionQueue.PLACES_OF_A_KIND + ",");
        assertThat(AdmissionQueue.PLACES_OF_A_KIND).isLessThan(AdmissionQueue.PLACES);
        assertThat(AdmissionQueue.PLACES).isLessThanOrEqualTo(SessionLoop.MAX_THREADS - 32);
    }

    private void start(AdmissionQueue bound) {
        queue = bound;
        LibFuse fuse = fuse();
        DirectoryRequests requests = new DirectoryRequests(fuse, 1, 1, closures, true);
        loop = new SessionLoop(fuse, 1, 1, requests, queue, new CallCounts(), defects::add);
        loop.start();
    }

    private long send(int opcode) {
        return send(opcode, 0);
    }

    private long send(int opcode, int flags) {
        kernel.add(new Request(++uniques, opcode, flags));
        return uniques;
    }

    private void answerOne() throws InterruptedException {
        Message<Object> message = held.poll(60, TimeUnit.SECONDS);
        assertThat(message).as("a request for content").isNotNull();
        message.reply("bytes of " + message.body(), LocalMessages.reply());
    }

    private static void await(BooleanSupplier condition) {
        assertThat(Polling.until(condition, Duration.ofMillis(1), Deadline.in(Duration.ofSeconds(30))))
                .isTrue();
    }

    private LibFuse fuse() {
        return (LibFuse) Proxy.newProxyInstance(
                LibFuse.class.getClassLoader(), new Class<?>[] {LibFuse.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "fuse_chan_recv" -> {
                            return receive((long) arguments[1]);
                        }
                        case "fuse_session_process" -> {
                            process((long) arguments[1]);
                            return null;
                        }
                        case "fuse_chan_send" -> {
                            sent((long) arguments[1]);
                            return 0;
                        }
                        case "fuse_chan_bufsize" -> {
                            return 4096L;
                        }
                        case "fuse_chan_new" -> {
                            return 1L;
                        }
                        case "fuse_chan_fd" -> {
                            return 0;
                        }
                        default -> {
                            return null;
                        }
                    }
                });
    }

    private int receive(long buffer) throws InterruptedException {
        Request request = kernel.take();
        if (request.unique() == 0) {
            kernel.add(request); // for the other threads
            return 0;
        }
        try (NativeMemory zeroed = new NativeMemory(REQUEST_BYTES)) {
            NativeMemory.IO.copyMemory(zeroed.address(), buffer, REQUEST_BYTES);
        }
        KernelRequest.atRoot(buffer, request.opcode(), REQUEST_BYTES, request.unique());
        NativeMemory.IO.putInt(buffer + KernelRequest.HEADER_BYTES, request.flags());
        return REQUEST_BYTES;
    }

    private void process(long request) {
        long unique = KernelRequest.unique(request);
        if (AdmissionQueue.kindOf(request) == null) {
            outcomes.put(unique, "at once");
            return;
        }
        try {
            outcomes.put(unique, bridge.await(ADDRESS, unique, String.class, bridge.deadline(PATIENCE)));
        } catch (MusicFsException e) {
            outcomes.put(unique, e.kind());
        }
    }

    private void sent(long vector) {
        long header = NativeMemory.IO.getAddress(vector);
        outcomes.put(
                NativeMemory.IO.getLong(header + KernelRequest.OUT_HEADER_UNIQUE),
                NativeMemory.IO.getInt(header + KernelRequest.OUT_HEADER_ERROR));
    }
}
