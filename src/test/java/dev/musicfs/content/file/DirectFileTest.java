package dev.musicfs.content.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.InodeTag;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.disk.InodeAttributes;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.Resilience;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectFileTest {
    @TempDir
    Path dir;

    private final TestingFiles files = new TestingFiles();
    private Path path;

    @BeforeEach
    void writeFile() throws Exception {
        path = Files.writeString(dir.resolve("a.flac"), "first version");
        files.add(1, path);
    }

    @Test
    void readsFromAnOffsetAndNothingPastTheEnd() {
        try (OpenFile file = files.openBlocking(1)) {
            assertThat(read(file, 6)).isEqualTo("version");
            assertThat(read(file, 13)).isEmpty();
            assertThat(read(file, 1000)).isEmpty();
        }
    }

    @Test
    void refusesToOpenAnotherVersion() throws Exception {
        Files.writeString(path, "second version");
        assertStale(() -> files.openBlocking(1).close());
        assertThat(files.staleReports).hasValue(1);
    }

    @Test
    @Resilience("R.9")
    void neverOpensAnotherSongOfTheSameSizeAndTimeAndAsksToLookAgainWhenOnlyTheInodeWasTouched() throws Exception {
        InodeAttributes is = InodeAttributes.of(path);
        Runnable looked = files.staleReports::incrementAndGet;
        FileVersion own = version(is, new InodeTag(is.identity().inode(), is.changeNanos()));
        DirectFile.openBlocking(at -> path, new RealPath("a.flac"), own, looked, null)
                .close();
        assertThat(files.staleReports).hasValue(0);

        FileVersion touched = version(is, new InodeTag(is.identity().inode(), is.changeNanos() - 1));
        DirectFile.openBlocking(at -> path, new RealPath("a.flac"), touched, looked, null)
                .close();
        assertThat(files.staleReports).hasValue(1);

        FileVersion exchanged = version(is, new InodeTag(is.identity().inode() + 1, is.changeNanos()));
        assertStale(() -> DirectFile.openBlocking(at -> path, new RealPath("a.flac"), exchanged, looked, null)
                .close());
    }

    private static FileVersion version(InodeAttributes is, InodeTag tag) {
        return new FileVersion(is.sizeBytes(), is.mtimeNanos(), tag.text());
    }

    @Test
    void failsStaleWhenChangedInPlace() throws Exception {
        try (OpenFile file = files.openBlocking(1)) {
            Files.writeString(path, "second version");
            assertStale(() -> read(file, 0));
            assertThat(files.staleReports).hasValue(1);
        }
    }

    @Test
    void readsTheOldBytesOnWhenReplacedOrRemoved() throws Exception {
        try (OpenFile file = files.openBlocking(1)) {
            Path other = Files.writeString(dir.resolve("b.flac"), "quite another file");
            Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
            assertThat(read(file, 0)).isEqualTo("first version");
            Files.delete(path);
            assertThat(read(file, 0)).isEqualTo("first version");
        }
    }

    @Test
    void closesAFileDeliveredAfterItsReaderGaveUp() {
        OpenRequest request = new OpenRequest(1, Deadlines.generous());
        request.abandon();
        OpenFile late = files.openBlocking(1);
        request.deliver(late);
        assertThat(request.take()).isNull();
        assertThatThrownBy(() -> read(late, 0)).isInstanceOf(MusicFsException.class);
    }

    private static String read(OpenFile file, long offset) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(100);
        int n = ((DirectFile) file).readBlocking(buffer, offset);
        assertThat(buffer.position()).isEqualTo(n);
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    private static void assertStale(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MusicFsException.class, e -> assertThat(e.kind())
                .isEqualTo(FailureKind.STALE));
    }
}
