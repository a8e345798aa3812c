package dev.musicfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.file.ContentVerticle;
import dev.musicfs.content.file.TestingFiles;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.vfs.ContentBus;
import dev.musicfs.vfs.Presentation;
import dev.musicfs.vfs.TestingNamespace;
import dev.musicfs.vfs.VirtualFileSystem;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what on a real mount, by its modes. */
@Timeout(300)
class ModesIT {
    private static final int OWNER = 4242;
    private static final int STRANGER = 4243;
    private static final int GROUP = 4244;
    private static final NodeId ALBUM = new NodeId(2);
    private static final String READ = "cat @/Album/01.flac; ls @/Album; stat -c %s @/Album/01.flac";

    @TempDir
    Path dir;

    private final Vertx vertx = TestingVertx.start();
    private final TestingNamespace namespace = new TestingNamespace();
    private final TestingFiles files = new TestingFiles();
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();
    private Path mountpoint;
    private FuseMount mount;

    private void mount(int fileMode, int dirMode) throws Exception {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        mountpoint = Files.createDirectory(dir.resolve("mnt"));
        namespace.directory(ALBUM.value(), NodeId.ROOT, "Album");
        namespace.put(file(3, "01.flac"));
        LocalMessages.register(vertx);
        vertx.deployVerticle(new ContentVerticle(files))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        ContentBus bus = new ContentBus();
        bus.connect(vertx);
        VirtualFileSystem vfs = new VirtualFileSystem(
                namespace, bus, new Presentation(fileMode, dirMode, OWNER, GROUP), Duration.ofSeconds(30), 100);
        MountOptions options = new MountOptions(Duration.ofHours(1), true, 128 * 1024);
        mount = new FuseMount(mountpoint, options, vfs, defects::add);
        mount.start().get(60, TimeUnit.SECONDS);
    }

    private NodeRow file(long id, String name) throws Exception {
        FileVersion version = files.add(id, Files.writeString(dir.resolve(name), "bytes\n"));
        return new NodeRow(new NodeId(id), ALBUM, name, id, version.sizeBytes(), version.mtimeNanos());
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
    void dirModeProtectsWhatIsBelowAndItsOwnerReads() throws Exception {
        mount(0444, 0500);
        String seen = "bytes\n01.flac\n6\n";
        // First those who may, so that the kernel knows all of it.
        assertThat(as(0, "", READ)).isEqualTo(seen);
        assertThat(as(OWNER, "", READ)).isEqualTo(seen);
        assertThat(as(STRANGER, "", READ).lines()).hasSize(3).allMatch(line -> line.endsWith("Permission denied"));
        assertThat(as(STRANGER, "", "ls @")).endsWith("Permission denied\n");
        assertThat(as(OWNER, "", READ)).isEqualTo(seen);

        assertThat(as(OWNER, "", "stat @/Album/02.flac")).contains("No such file");
        namespace.pend(file(4, "02.flac"));
        mount.announcer().created("/Album/02.flac", false);
        assertThat(mount.announcementFailures()).isZero();
        assertThat(as(OWNER, "", "cat @/Album/02.flac")).isEqualTo("bytes\n");
        assertThat(as(STRANGER, "", "cat @/Album/02.flac")).endsWith("Permission denied\n");
    }

    @Test
    void membersOfTheGroupReadAlsoAsOneOfTheirOtherGroups() throws Exception {
        mount(0440, 0550);
        assertThat(as(STRANGER, "7," + GROUP, READ)).isEqualTo("bytes\n01.flac\n6\n");
        assertThat(as(STRANGER, "7", READ).lines()).hasSize(3).allMatch(line -> line.endsWith("Permission denied"));
        assertThat(as(STRANGER, "7", "test -r @/Album/01.flac || echo no")).isEqualTo("no\n");
    }

    @Test
    void nobodyIsToldThatHeMayWrite() throws Exception {
        mount(0444, 0555);
        for (int user : new int[] {0, OWNER, STRANGER}) {
            String program =
                    "find @ -writable; for f in @ @/Album @/Album/01.flac; do test -w $f && echo $f; done; true";
            assertThat(as(user, "", program)).as("%d", user).isEmpty();
            assertThat(as(user, "", "test -r @/Album/01.flac && test -x @/Album && echo yes"))
                    .isEqualTo("yes\n");
            assertThat(as(user, "", "touch @/x @/Album/01.flac")).contains("Read-only file system");
        }
    }

    /** What a program says; {@code @} in it stands for the mountpoint. */
    private String as(int user, String groups, String program) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("setpriv", "--reuid", Integer.toString(user), "--regid", Integer.toString(user)));
        command.addAll(groups.isEmpty() ? List.of("--clear-groups") : List.of("--groups", groups));
        command.addAll(List.of("bash", "-c", program.replace("@", mountpoint.toString())));
        Process process = new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
