package dev.musicfs.content.file;

import static dev.musicfs.content.file.FetchingTest.assertKind;
import static dev.musicfs.content.file.TestingRoom.KIB;
import static dev.musicfs.content.file.TestingRoom.MIB;
import static dev.musicfs.content.file.TestingRoom.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.origin.Copy;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.vfs.ContentPort;
import dev.musicfs.vfs.Presentation;
import dev.musicfs.vfs.TestingNamespace;
import dev.musicfs.vfs.VfsCalls;
import dev.musicfs.vfs.VirtualFileSystem;
import io.vertx.core.Future;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is open on a disk of this machine when that disk fails. */
class DyingDiskTest {
    @TempDir
    Path dir;

    private final TestingRoom room = new TestingRoom();
    private final TestingNamespace namespace = new TestingNamespace();
    private final byte[] bytes = random(2 * MIB, 1);
    private final VirtualFileSystem vfs = new VirtualFileSystem(
            namespace, new RoomPort(), new Presentation(0444, 0555, 0, 0), Duration.ofSeconds(30), 10);
    private final VfsCalls calls = new VfsCalls(vfs);
    private FaultyChannel disk;
    private DirectFile file;
    private int openings;

    /** Answers on the caller's thread. */
    private final class RoomPort implements ContentPort {
        @Override
        public <T> Future<T> ask(String address, Object request, Class<T> replyType, Deadline deadline) {
            if (request instanceof OpenRequest open) {
                open.deliver(file);
                return Future.succeededFuture(replyType.cast(open));
            }
            Future<?> reply = request instanceof DirectFile direct
                    ? direct.openFallback().map(opened -> direct)
                    : read((ReadRequest) request);
            room.settle();
            return reply.map(replyType::cast);
        }

        @Override
        public void onWorker(Disk disk, Runnable task) {
            task.run();
        }

        private static Future<ReadRequest> read(ReadRequest request) {
            return request.file()
                    .read(request.range(), request.pastStore(), request.deadline())
                    .map(bytes -> {
                        request.deliver(bytes);
                        return request;
                    });
        }
    }

    @BeforeEach
    void showTheFile() throws Exception {
        Path path = Files.write(dir.resolve("t.flac"), bytes);
        FileVersion version = TestingFiles.versionOf(path);
        disk = new FaultyChannel(FileChannel.open(path));
        FileRow row = room.row(1, version, room.origin);
        Copy other = Copy.whole(room.origin.id(), row.path(), room.origin.put("f1", bytes, 1));
        file = new DirectFile(
                path,
                disk,
                version,
                new dev.musicfs.origin.disk.InodeAttributes.Identity(1, 2),
                () -> {},
                new FallbackCopy(() -> {
                    openings++;
                    return room.files.open(row, List.of(other), () -> {});
                }));
        namespace.put(new NodeRow(new NodeId(3), NodeId.ROOT, "t.flac", 1, bytes.length, version.mtimeNanos()));
    }

    @AfterEach
    void everythingIsGivenBack() {
        room.end();
    }

    @Test
    @Resilience({"N.1", "3.8"})
    void itsReaderGoesOnWithTheOtherCopyAndNoticesNothing() {
        long handle = calls.open(new NodeId(3)).handle();
        for (int at = 0; at < bytes.length; at += 128 * KIB) {
            disk.fail(at == MIB);
            assertThat(read(handle, at, 128 * KIB)).isEqualTo(Arrays.copyOfRange(bytes, at, at + 128 * KIB));
        }
        assertThat(openings).isOne();
        assertThat(BytesOrigin.bytes(room.origin.calls()))
                .as("only what came after")
                .isLessThanOrEqualTo(MIB + 64L * KIB);
        vfs.release(handle);
        room.assertNothingIsHeld();
    }

    @Test
    void withTheOtherCopyGoneTooTheReaderGetsAnError() {
        long handle = calls.open(new NodeId(3)).handle();
        disk.fail(true);
        room.origin.failWith(FailureKind.UNAVAILABLE);
        assertKind(FailureKind.UNAVAILABLE, () -> read(handle, 0, KIB));
        room.origin.noFault();
        assertThat(read(handle, 0, KIB)).isEqualTo(Arrays.copyOfRange(bytes, 0, KIB));
        vfs.release(handle);
        room.assertNothingIsHeld();
    }

    @Test
    void aFileThatIsNowhereElseFailsAsItsDiskDoes() throws Exception {
        file.close();
        Path path = dir.resolve("t.flac");
        disk = new FaultyChannel(FileChannel.open(path));
        file = new DirectFile(
                path, disk, file.version(), new dev.musicfs.origin.disk.InodeAttributes.Identity(1, 2), () -> {}, null);
        long handle = calls.open(new NodeId(3)).handle();
        disk.fail(true);
        assertKind(FailureKind.UNAVAILABLE, () -> read(handle, 0, KIB));
        disk.fail(false);
        assertThat(read(handle, 0, KIB)).isEqualTo(Arrays.copyOfRange(bytes, 0, KIB));
        vfs.release(handle);
    }

    @Test
    void aStandInThatComesAfterItsFileWasClosedIsClosed() {
        Future<CachedFile> opening = file.openFallback();
        file.close();
        room.settle();
        assertThat(opening.succeeded()).isTrue();
        room.assertNothingIsHeld();
    }

    private byte[] read(long handle, int offset, int length) {
        return calls.read(handle, offset, length);
    }
}
