package dev.musicfs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.file.TestingFiles;
import dev.musicfs.content.file.TestingPort;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
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
    private VfsCalls calls;
    private NodeRow track;

    @BeforeEach
    void setUp() throws Exception {
        FileVersion version = files.add(7, Files.writeString(dir.resolve("t"), "x".repeat(1025)));
        namespace.directory(2, NodeId.ROOT, "Artist");
        track = namespace.put(
                new NodeRow(new NodeId(3), new NodeId(2), "01.flac", 7, version.sizeBytes(), version.mtimeNanos()));
        Presentation look = new Presentation(0440, 0555, 1000, 100);
        vfs = new VirtualFileSystem(namespace, new TestingPort(files), look, Duration.ofSeconds(5), 2);
        calls = new VfsCalls(vfs);
    }

    @Test
    void describesAFile() {
        Attributes attributes = vfs.attributes(vfs.node(track.id()));
        assertThat(attributes.blocks()).isEqualTo(3);
        assertThat(attributes.permissions()).isEqualTo(0440);
        assertThat(attributes.sizeBytes()).isEqualTo(1025);
    }

    @Test
    void permitsWhatTheModeSaysToOwnerMemberAndOthers() {
        Attributes attributes = vfs.attributes(track);
        assertThat(attributes.permitsEverybody(Attributes.READ)).isFalse();
        assertThat(attributes.permits(subject(0), Attributes.READ)).isTrue();
        assertThat(attributes.permits(subject(0), Attributes.EXECUTE)).isFalse();
        assertThat(attributes.permits(subject(1000), Attributes.READ)).isTrue();
        assertThat(attributes.permits(subject(1, 100), Attributes.READ)).isTrue();
        assertThat(attributes.permits(subject(1, 101), Attributes.READ)).isFalse();
        Attributes root = vfs.attributes(vfs.node(NodeId.ROOT));
        assertThat(root.permitsEverybody(Attributes.READ | Attributes.EXECUTE)).isTrue();
        // Whoever is in the group has the group's permissions, even where all others have more.
        Attributes odd = new Attributes(3, false, 1, 1, 0404, 1000, 100);
        assertThat(odd.permits(subject(1, 100), Attributes.READ)).isFalse();
        assertThat(odd.permits(subject(1), Attributes.READ)).isTrue();
    }

    private static Attributes.Subject subject(int uid, int... groups) {
        return new Attributes.Subject() {
            @Override
            public int uid() {
                return uid;
            }

            @Override
            public boolean isMember(int group) {
                return java.util.Arrays.stream(groups).anyMatch(each -> each == group);
            }
        };
    }

    @Test
    void readsAnOpenFileToItsEnd() {
        long handle = calls.open(track.id()).handle();
        assertThat(new String(calls.read(handle, 1000, 4096), StandardCharsets.UTF_8))
                .isEqualTo("x".repeat(25));
        assertThat(calls.read(handle, 5000, 10)).isEmpty();
        assertKind(FailureKind.INVALID, () -> calls.read(handle, -1, 10));
        vfs.release(handle);
        assertKind(FailureKind.INVALID, () -> calls.read(handle, 0, 10));
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
        long old = calls.open(track.id()).handle();
        showVersion("y".repeat(1025));
        VirtualFileSystem.Opened first = calls.open(track.id());
        assertThat(first.pastPages()).isTrue();
        vfs.release(old);
        VirtualFileSystem.Opened second = calls.open(track.id());
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
        VirtualFileSystem.Opened early = calls.open(track.id());
        assertThat(early.keepPages()).isFalse();
        assertThat(early.pastPages()).isTrue();
    }

    @Test
    void anOlderVersionDoesNotEndWhereTheNewOneGoesOn() throws Exception {
        long old = calls.open(track.id()).handle();
        showVersion("y".repeat(2000));
        assertThat(calls.read(old, 0, 1025)).hasSize(1025);
        assertKind(FailureKind.STALE, () -> calls.read(old, 1000, 100));
        assertKind(FailureKind.STALE, () -> calls.read(old, 1025, 100));
        assertThat(calls.read(old, 2000, 100)).isEmpty();
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
        long first = calls.open(track.id()).handle();
        calls.open(track.id());
        assertKind(FailureKind.UNAVAILABLE, () -> calls.open(track.id()));
        vfs.release(first);
        calls.open(track.id());
        vfs.close();
        assertThat(vfs.openFileCount()).isZero();
    }

    @Test
    void failedOpeningsTakeNoRoom() throws Exception {
        Files.writeString(dir.resolve("t"), "changed");
        for (int i = 0; i < 5; i++) {
            assertKind(FailureKind.STALE, () -> calls.open(track.id()));
        }
        assertThat(vfs.openFileCount()).isZero();
    }

    @Test
    void answersForWhatIsMissing() {
        assertThat(vfs.lookup(NodeId.ROOT, "nobody")).isEmpty();
        assertKind(FailureKind.NOT_FOUND, () -> vfs.node(new NodeId(99)));
        assertKind(FailureKind.INVALID, () -> calls.open(NodeId.ROOT));
    }

    @Test
    void aNodeThatIsGoneIsKnownAsLongAsItIsOpen() {
        long handle = calls.open(track.id()).handle();
        namespace.pendRemoval(track);
        assertThat(namespace.publishRemoved(track.parent(), track.name())).isTrue();
        assertThat(vfs.node(track.id())).isEqualTo(track);
        vfs.release(handle);
        assertKind(FailureKind.NOT_FOUND, () -> vfs.node(track.id()));
    }

    private boolean openAndClose() {
        VirtualFileSystem.Opened opened = calls.open(track.id());
        vfs.release(opened.handle());
        return opened.keepPages();
    }

    private static void assertKind(FailureKind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MusicFsException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }
}
