package dev.musicfs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.file.TestingFiles;
import dev.musicfs.content.file.TestingWaiter;
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
    void keepsPagesOnlyOfAVersionThatWasOpenedBefore() throws Exception {
        assertThat(openAndClose()).isFalse();
        assertThat(openAndClose()).isTrue();
        vfs.forgetPages(track);
        assertThat(openAndClose()).isFalse();
        showVersion("y".repeat(1025));
        assertThat(openAndClose()).isFalse();
        assertThat(openAndClose()).isTrue();
    }

    @Test
    void readsPastThePagesWhileAnotherVersionIsOpen() throws Exception {
        long old = vfs.open(track.id()).handle();
        showVersion("y".repeat(1025));
        VirtualFileSystem.Opened first = vfs.open(track.id());
        assertThat(first.pastPages()).isTrue();
        vfs.release(old);
        VirtualFileSystem.Opened second = vfs.open(track.id());
        assertThat(second.pastPages()).isFalse();
        assertThat(second.keepPages()).isFalse();
        vfs.release(first.handle());
        vfs.release(second.handle());
        assertThat(openAndClose()).isTrue();
    }

    @Test
    void keepsNoPagesOfAVersionThatIsNotShownYet() throws Exception {
        openAndClose();
        NodeRow shown = track;
        showVersion("y".repeat(1025));
        namespace.put(shown);
        VirtualFileSystem.Opened early = vfs.open(track.id());
        assertThat(early.keepPages()).isFalse();
        assertThat(early.pastPages()).isTrue();
    }

    @Test
    void anOlderVersionDoesNotEndWhereTheNewOneGoesOn() throws Exception {
        long old = vfs.open(track.id()).handle();
        showVersion("y".repeat(2000));
        assertThat(vfs.read(old, ByteBuffer.allocateDirect(1025), 0)).isEqualTo(1025);
        assertKind(FailureKind.STALE, () -> vfs.read(old, ByteBuffer.allocateDirect(100), 1000));
        assertKind(FailureKind.STALE, () -> vfs.read(old, ByteBuffer.allocateDirect(100), 1025));
        assertThat(vfs.read(old, ByteBuffer.allocateDirect(100), 2000)).isZero();
    }

    /** Another file takes the place of the track's, as a tag editor does it. */
    private void showVersion(String content) throws Exception {
        Path next = Files.writeString(dir.resolve("next"), content);
        Files.setLastModifiedTime(next, java.nio.file.attribute.FileTime.fromMillis(42_000));
        Files.move(next, dir.resolve("t"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        FileVersion version = files.add(7, dir.resolve("t"));
        namespace.put(
                new NodeRow(track.id(), track.parent(), track.name(), 7, version.sizeBytes(), version.mtimeNanos()));
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
