package dev.musicfs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.TestingFiles;
import dev.musicfs.content.TestingWaiter;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VirtualFileSystemTest {
    @TempDir
    Path dir;

    private final TestingNamespace namespace = new TestingNamespace();
    private final TestingFiles files = new TestingFiles();
    private VirtualFileSystem vfs;
    private NodeRow track;

    @BeforeEach
    void setUp() throws Exception {
        FileVersion version = files.add(7, Files.writeString(dir.resolve("t"), "x".repeat(1025)));
        namespace.directory(2, NodeId.ROOT, "Artist");
        track = namespace.put(
                new NodeRow(new NodeId(3), new NodeId(2), "01.flac", 7, version.sizeBytes(), version.mtimeNanos()));
        Presentation look = new Presentation(0440, 0555, 1000, 100);
        vfs = new VirtualFileSystem(namespace, new TestingWaiter(files), look, Duration.ofSeconds(5), 2);
    }

    @Test
    void describesAFile() {
        Attributes attributes = vfs.attributes(track.id());
        assertThat(attributes.blocks()).isEqualTo(3);
        assertThat(attributes.permissions()).isEqualTo(0440);
        assertThat(attributes.sizeBytes()).isEqualTo(1025);
        assertThat(attributes.readableBy(0, 0)).isTrue();
        assertThat(attributes.readableBy(1000, 1)).isTrue();
        assertThat(attributes.readableBy(1, 100)).isTrue();
        assertThat(attributes.readableBy(1, 1)).isFalse();
    }

    @Test
    void readsAnOpenFileToItsEnd() {
        long handle = vfs.open(track.id()).handle();
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        assertThat(vfs.read(handle, buffer, 1000)).isEqualTo(25);
        assertThat(StandardCharsets.UTF_8.decode(buffer.flip()).toString()).isEqualTo("x".repeat(25));
        assertThat(vfs.read(handle, ByteBuffer.allocateDirect(10), 5000)).isZero();
        vfs.release(handle);
        assertKind(FailureKind.INVALID, () -> vfs.read(handle, ByteBuffer.allocateDirect(10), 0));
    }

    @Test
    void keepsPagesOnlyOfAVersionThatWasOpenedBefore() {
        assertThat(openAndClose()).isFalse();
        assertThat(openAndClose()).isTrue();
        vfs.forgetPages(track);
        assertThat(openAndClose()).isFalse();
        namespace.put(new NodeRow(track.id(), track.parent(), track.name(), 7, track.sizeBytes(), 42));
        assertThat(openAndClose()).isFalse();
        assertThat(openAndClose()).isTrue();
    }

    @Test
    void refusesMoreOpenFilesThanItsTableHolds() {
        long first = vfs.open(track.id()).handle();
        vfs.open(track.id());
        assertKind(FailureKind.UNAVAILABLE, () -> vfs.open(track.id()));
        vfs.release(first);
        vfs.open(track.id());
        vfs.close();
        assertThat(vfs.openFileCount()).isZero();
    }

    @Test
    void failedOpeningsTakeNoRoom() throws Exception {
        Files.writeString(dir.resolve("t"), "changed");
        for (int i = 0; i < 5; i++) {
            assertKind(FailureKind.STALE, () -> vfs.open(track.id()));
        }
        assertThat(vfs.openFileCount()).isZero();
    }

    @Test
    void answersForWhatIsMissing() {
        assertThat(vfs.lookup(NodeId.ROOT, "nobody")).isEmpty();
        assertKind(FailureKind.NOT_FOUND, () -> vfs.attributes(new NodeId(99)));
        assertKind(FailureKind.INVALID, () -> vfs.open(NodeId.ROOT));
    }

    private boolean openAndClose() {
        VirtualFileSystem.Opened opened = vfs.open(track.id());
        vfs.release(opened.handle());
        return opened.keepPages();
    }

    private static void assertKind(FailureKind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MusicFsException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }
}
