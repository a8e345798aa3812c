package dev.musicfs.fuse.node;

import static dev.musicfs.fuse.device.ScriptedKernel.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.content.file.HeldPort;
import dev.musicfs.content.file.TestingFiles;
import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.device.RequestLoop;
import dev.musicfs.fuse.device.ScriptedKernel.Reply;
import dev.musicfs.fuse.protocol.Opcode;
import dev.musicfs.model.NodeId;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.vfs.Presentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files whose opening waits for an origin. */
@Timeout(120)
class WaitingOpeningsTest {
    private static final int MANY = 300;

    @TempDir
    Path dir;

    private final TestingFiles files = new TestingFiles();
    private final HeldPort port = new HeldPort(files);
    private final NodeKernel kernel = new NodeKernel(port, new Presentation(0444, 0555, 0, 0));

    @BeforeEach
    void begin() throws Exception {
        Path content = Files.writeString(dir.resolve("t"), "0123456789");
        files.add(3, content);
        kernel.file(3, NodeId.ROOT, "01.flac", content);
        kernel.init(0);
    }

    @AfterEach
    void close() {
        kernel.close();
    }

    @Test
    @Resilience({"R.1", "5.1"})
    void anyNumberOfThemWaitsWithoutAThreadAndOthersAreAnsweredMeanwhile() {
        Set<Long> asked = new HashSet<>();
        for (int i = 0; i < MANY; i++) {
            asked.add(kernel.send(Opcode.OPEN, 3, new byte[8]));
        }
        await(() -> port.count() == MANY);
        for (int i = 0; i < 50; i++) {
            assertThat(kernel.lookup(1, "01.flac")).isEqualTo(3);
        }
        assertThat(kernel.loop.threadCount()).isLessThanOrEqualTo(RequestLoop.MAX_THREADS);
        await(() -> kernel.loop.waitingCount() == MANY);

        for (int i = 0; i < MANY; i++) {
            port.answerFirst();
            Reply reply = kernel.receive();
            assertThat(reply.error()).isZero();
            assertThat(asked.remove(reply.unique())).isTrue();
        }
        assertThat(kernel.vfs.openFileCount()).isEqualTo(MANY);
    }

    @Test
    @Resilience("3.8")
    void whoGivesUpHearsSoAtOnceAndTheFileThatComesLaterIsClosed() {
        long asked = kernel.send(Opcode.OPEN, 3, new byte[8]);
        await(() -> kernel.loop.waitingCount() == 1);
        kernel.interrupt(asked);
        Reply reply = kernel.receive();
        assertThat(reply.unique()).isEqualTo(asked);
        assertThat(reply.is(Errno.EINTR)).isTrue();
        port.answerFirst();
        await(() -> kernel.vfs.openFileCount() == 0);
        assertThat(kernel.lookup(1, "01.flac")).isEqualTo(3);
    }

    @Test
    @Resilience("3.8")
    void aFailureIsAnsweredWithItsErrorNumber() {
        for (FailureKind kind : new FailureKind[] {FailureKind.TIMEOUT, FailureKind.UNAVAILABLE, FailureKind.STALE}) {
            long asked = kernel.send(Opcode.OPEN, 3, new byte[8]);
            await(() -> port.count() == 1);
            port.failFirst(new MusicFsException(kind, "It failed."));
            Reply reply = kernel.receive();
            assertThat(reply.unique()).isEqualTo(asked);
            assertThat(reply.is(Answers.of(kind))).as("%s", kind).isTrue();
        }
        assertThat(kernel.vfs.openFileCount()).isZero();
    }

    @Test
    @Resilience("2.2")
    void aDefectIsAnIoErrorAndReportedAndTheNextIsServed() {
        RuntimeException defect = new IllegalStateException("a defect");
        kernel.namespace.breakWith(defect);
        assertThat(kernel.ask(Opcode.LOOKUP, 1, names("x")).is(Errno.EIO)).isTrue();
        await(() -> kernel.defects.equals(List.of(defect)));
        kernel.defects.clear();
        kernel.namespace.mend();
        assertThat(kernel.lookup(1, "01.flac")).isEqualTo(3);
    }

    private static void await(BooleanSupplier condition) {
        assertThat(Polling.until(condition, Duration.ofMillis(1), Deadline.in(Duration.ofSeconds(60))))
                .isTrue();
    }
}
