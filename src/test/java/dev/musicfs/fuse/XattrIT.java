package dev.musicfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.file.ContentVerticle;
import dev.musicfs.content.file.TestingFiles;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.vfs.ContentBus;
import dev.musicfs.vfs.FileFacts;
import dev.musicfs.vfs.Presentation;
import dev.musicfs.vfs.TestingNamespace;
import dev.musicfs.vfs.VirtualFileSystem;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Extended attributes on a real mount; Java's own view adds the {@code user.} to every name. */
@Timeout(60)
class XattrIT {
    private static final MountOptions OPTIONS = new MountOptions(Duration.ofHours(1), false, 128 * 1024);
    private static final NodeId ALBUM = new NodeId(2);
    private static final int TRACKS = 1000;

    @TempDir
    Path dir;

    private final Vertx vertx = TestingVertx.start();
    private final TestingNamespace namespace = new TestingNamespace();
    private final TestingFiles files = new TestingFiles();
    private final Map<String, String> facts = new TreeMap<>(Map.of("origin", "nas", "path", "a/Bj\u00f6rk.flac"));
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();
    private Path mountpoint;
    private FuseMount mount;

    /** The same of every file. */
    private final class SomeFacts implements FileFacts {
        @Override
        public List<String> names(long fileId) {
            return List.copyOf(facts.keySet());
        }

        @Override
        public Optional<byte[]> fact(long fileId, String name) {
            return Optional.ofNullable(facts.get(name)).map(value -> value.getBytes(StandardCharsets.UTF_8));
        }
    }

    @BeforeEach
    void showAnAlbum() throws Exception {
        Path source = Files.writeString(dir.resolve("source"), "bytes");
        mountpoint = Files.createDirectory(dir.resolve("mnt"));
        namespace.directory(ALBUM.value(), NodeId.ROOT, "album");
        FileVersion version = files.add(7, source);
        for (int i = 0; i < TRACKS; i++) {
            namespace.put(
                    new NodeRow(new NodeId(10 + i), ALBUM, "t" + i, 7, version.sizeBytes(), version.mtimeNanos()));
        }
        LocalMessages.register(vertx);
        vertx.deployVerticle(new ContentVerticle(files))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private void mount(Optional<FileFacts> said) throws Exception {
        ContentBus bus = new ContentBus();
        bus.connect(vertx);
        VirtualFileSystem vfs = new VirtualFileSystem(
                namespace, bus, new Presentation(0444, 0555, 0, 0), Duration.ofSeconds(30), 100, said);
        mount = new FuseMount(mountpoint, OPTIONS, vfs, defects::add);
        mount.start().get(60, TimeUnit.SECONDS);
    }

    @AfterEach
    void unmount() throws Exception {
        try {
            mount.stop(Duration.ofSeconds(2));
        } finally {
            new ProcessBuilder("sh", "-c", "fusermount -uz '" + mountpoint + "' 2>/dev/null; true")
                    .start()
                    .waitFor();
            vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
        assertThat(defects).isEmpty();
    }

    @Test
    @Resilience("4.2.6")
    void aTrackSaysWhereItComesFrom() throws Exception {
        mount(Optional.of(new SomeFacts()));
        UserDefinedFileAttributeView track = view("album/t0");
        assertThat(track.list()).containsExactly("musicfs.origin", "musicfs.path");
        assertThat(read(track, "musicfs.path")).isEqualTo("a/Bj\u00f6rk.flac");
        facts.put("origin", "another");
        assertThat(read(track, "musicfs.origin")).as("asked anew each time").isEqualTo("another");
        assertThatThrownBy(() -> track.read("musicfs.origin", ByteBuffer.allocateDirect(3)))
                .hasMessageContaining("Insufficient space");
        assertThatThrownBy(() -> track.size("musicfs.colour")).hasMessageContaining("No data");
        assertThatThrownBy(() -> track.size("mime_type")).hasMessageContaining("No data");
    }

    @Test
    void directoriesHaveNoneAndNobodyWritesAny() throws Exception {
        mount(Optional.of(new SomeFacts()));
        assertThat(view("album").list()).isEmpty();
        assertThatThrownBy(() -> view("album").size("musicfs.origin")).hasMessageContaining("No data");
        UserDefinedFileAttributeView track = view("album/t0");
        assertThatThrownBy(() -> track.write("musicfs.origin", ByteBuffer.wrap(new byte[1])))
                .hasMessageContaining("Read-only");
        assertThatThrownBy(() -> track.delete("musicfs.origin")).hasMessageContaining("Read-only");
    }

    @Test
    void aListingOfAThousandTracksAsksForThemTwiceAtMost() throws Exception {
        mount(Optional.of(new SomeFacts()));
        assertThat(list()).isEqualTo(TRACKS);
        assertThat(list()).isEqualTo(TRACKS);
        Map<String, Long> before = mount.callCounts();
        assertThat(list()).isEqualTo(TRACKS);
        Map<String, Long> after = new TreeMap<>(mount.callCounts());
        assertThat(after.remove("GETXATTR") - before.getOrDefault("GETXATTR", 0L))
                .isLessThanOrEqualTo(2);
        Map<String, Long> rest = new TreeMap<>(before);
        rest.remove("GETXATTR");
        assertThat(after).as("nothing else").isEqualTo(rest);
    }

    @Test
    void withoutThemTheKernelAsksOnceAndNeverAgain() throws Exception {
        mount(Optional.empty());
        for (int i = 0; i < 3; i++) {
            assertThat(list()).isEqualTo(TRACKS);
            assertThatThrownBy(() -> view("album/t0").size("musicfs.origin")).isInstanceOf(IOException.class);
        }
        assertThat(mount.callCounts().getOrDefault("GETXATTR", 0L)).isLessThanOrEqualTo(1);
    }

    private UserDefinedFileAttributeView view(String path) {
        return Files.getFileAttributeView(mountpoint.resolve(path), UserDefinedFileAttributeView.class);
    }

    private static String read(UserDefinedFileAttributeView view, String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(view.size(name));
        view.read(name, bytes);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    /** How many tracks {@code ls -lR} shows. */
    private long list() throws Exception {
        Process ls = new ProcessBuilder("ls", "-lR", mountpoint.toString())
                .redirectErrorStream(true)
                .start();
        String shown = new String(ls.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(ls.waitFor()).as(shown).isZero();
        return shown.lines().filter(line -> line.startsWith("-r--r--r-- ")).count();
    }
}
