package dev.musicfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.file.ContentVerticle;
import dev.musicfs.content.file.TestingFiles;
import dev.musicfs.fuse.device.RequestLoop;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.posix.MountTable;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.testkit.KernelPages;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.vfs.ContentBus;
import dev.musicfs.vfs.Presentation;
import dev.musicfs.vfs.TestingNamespace;
import dev.musicfs.vfs.VirtualFileSystem;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class FuseMountIT {
    private static final MountOptions OPTIONS = new MountOptions(Duration.ofHours(1), false, 128 * 1024);
    private static final NodeId ALBUM = new NodeId(2);

    @TempDir
    Path dir;

    private final Vertx vertx = TestingVertx.start();
    private final TestingNamespace namespace = new TestingNamespace();
    private final TestingFiles files = new TestingFiles();
    private final byte[] bytes = new byte[3_000_000];
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();
    private Path mountpoint;
    private Path source;
    private VirtualFileSystem vfs;
    private FuseMount mount;
    private NodeRow track;

    @BeforeEach
    void mount() throws Exception {
        new Random(1).nextBytes(bytes);
        source = Files.write(dir.resolve("source"), bytes);
        mountpoint = Files.createDirectory(dir.resolve("mnt"));
        namespace.directory(ALBUM.value(), NodeId.ROOT, "Bj\u00f6rk");
        track = fileNode(3, "01.flac", source);
        namespace.put(track);
        LocalMessages.register(vertx);
        vertx.deployVerticle(new ContentVerticle(files))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        ContentBus bus = new ContentBus();
        bus.connect(vertx);
        vfs = new VirtualFileSystem(namespace, bus, new Presentation(0444, 0555, 0, 0), Duration.ofSeconds(30), 100);
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
        assertThat(MountTable.read().at(mountpoint)).isEmpty();
        assertThat(defects).isEmpty();
    }

    @Test
    void showsFilesAndReadsTheirBytes() throws Exception {
        Path file = mountpoint.resolve("Bj\u00f6rk/01.flac");
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        Map<String, Object> stat = Files.readAttributes(file, "unix:ino,nlink,mode,size,lastModifiedTime");
        assertThat(stat).containsEntry("ino", 3L).containsEntry("nlink", 1).containsEntry("mode", 0100444);
        assertThat(stat).containsEntry("lastModifiedTime", Files.getLastModifiedTime(source));
        assertThat(run("stat -c '%b %B %o' Bj*/01.flac")).isEqualTo("5860 512 65536\n");
        assertThat(run("ls -ai")).contains("2 Bj").contains("1 .");
        assertThat(run("stat -f -c '%b %f %c' .")).isEqualTo("733 0 3\n");
        assertThat(Files.exists(mountpoint.resolve("nobody"))).isFalse();
        assertThat(run("stat $'\\xff' 2>&1")).contains("No such file");
    }

    @Test
    @Resilience("2.2")
    void aDefectInACallIsAnIoErrorAndReportedAndTheMountServesOn() throws Exception {
        RuntimeException defect = new IllegalStateException("a defect");
        namespace.breakWith(defect);
        assertThat(run("stat Bj* 2>&1; stat other 2>&1")).contains("Input/output error");
        assertThat(defects).isNotEmpty().allMatch(reported -> reported == defect);

        defects.clear();
        namespace.mend();
        assertThat(Files.readAllBytes(mountpoint.resolve("Bj\u00f6rk/01.flac"))).isEqualTo(bytes);
    }

    @Test
    void refusesEveryMutation() throws Exception {
        String[] commands = {
            "touch new",
            "mkdir new",
            "rm -f Bj*/01.flac",
            "rmdir Bj*",
            "mv Bj* x",
            "ln -s a b",
            "ln Bj*/01.flac b",
            "chmod 777 Bj*/01.flac",
            "chown 1:1 Bj*/01.flac",
            "truncate -s 0 Bj*/01.flac",
            "touch Bj*/01.flac",
            "{ echo x >> Bj*/01.flac; }",
            "mknod p p",
            "truncate -s 5 new"
        };
        String before = run("find . -printf '%p %y %i %m %U %G %s %T@\\n'");
        assertThat(before.lines()).hasSize(3);
        Object sourceTime = Files.getLastModifiedTime(source);
        for (String command : commands) {
            assertThat(run(command + " 2>&1")).as(command).contains("Read-only file system");
        }
        assertThatThrownBy(() -> Files.createFile(mountpoint.resolve("new"))).hasMessageContaining("Read-only");
        assertThat(Files.readAllBytes(source)).isEqualTo(bytes);
        assertThat(Files.getLastModifiedTime(source)).isEqualTo(sourceTime);
        assertThat(run("find . -printf '%p %y %i %m %U %G %s %T@\\n'")).isEqualTo(before);
        KernelPages.drop(mountpoint);
        assertThat(Files.readAllBytes(mountpoint.resolve("Bj\u00f6rk/01.flac"))).isEqualTo(bytes);
    }

    @Test
    void warmListingMakesNoCalls() throws Exception {
        fill(2500);
        String first = run("ls -lR");
        // A listing the daemon was asked for makes the kernel doubt the directory's access time once.
        assertThat(run("ls -lR")).isEqualTo(first);
        assertThat(first.lines().filter(line -> line.startsWith("-r--r--r--"))).hasSize(2501);
        Map<String, Long> before = callsOfListing();
        assertThat(run("ls -lR")).isEqualTo(first);
        assertThat(run("find . -ls").lines()).hasSize(2503);
        assertThat(callsOfListing()).isEqualTo(before);

        namespace.pend(fileNode(4, "02.flac", source));
        mount.announcer().created("/Bj\u00f6rk/02.flac", false);
        assertThat(run("ls -lR").lines().filter(line -> line.endsWith(" 02.flac")))
                .hasSize(1);
        assertThat(mount.announcementFailures()).isZero();
    }

    @Test
    void listsAHugeDirectoryAndIsNotAskedWhoOpensIt() throws Exception {
        fill(20_000);
        assertThat(run("ls -f Bj* | sort -u | wc -l")).isEqualTo("20003\n");
        assertThat(mount.callCounts().getOrDefault("OPENDIR", 0L)).isLessThanOrEqualTo(1L);
        assertThat(run("ls -f Bj* | wc -l")).isEqualTo("20003\n");
    }

    @Test
    void listersOfOneDirectoryDoNotDisturbEachOther() throws Exception {
        fill(5_000);
        String all = run("for i in $(seq 8); do ls -f Bj* | sort -u | wc -l & done; wait");
        assertThat(all.lines()).hasSize(8).containsOnly("5003");
    }

    @Test
    void survivesMoreAbandonedListingsThanItKeeps() throws Exception {
        fill(2_000);
        String program =
                """
                import os
                begun = 0
                for i in range(1100):
                  if os.fork() == 0:
                    it = os.scandir([d for d in os.listdir('.')][0]); next(it); os._exit(7)
                  begun += os.waitstatus_to_exitcode(os.wait()[1]) == 7
                print(begun)
                """;
        assertThat(run("python3 -c \"" + program + "\"")).isEqualTo("1100\n");
        assertThat(run("ls -f Bj* | wc -l")).isEqualTo("2003\n");
    }

    @Test
    void answersWhatNeedsADirectoryHandle() throws Exception {
        // Neither has a handle to work with, which libfuse would take for an address.
        run("lsattr -d Bj*; ls Bj*; sync Bj*");
        String program =
                """
                import os, fcntl
                d = os.open('.', os.O_RDONLY)
                os.fsync(d)
                try: fcntl.ioctl(d, 0x80086601, bytes(8))
                except OSError: print('refused')
                """;
        assertThat(run("python3 -c \"" + program + "\"")).isEqualTo("refused\n");
        assertThat(run("ls Bj*")).isEqualTo("01.flac\n");
    }

    @Test
    void announcesWhatAppearsChangesMovesAndGoes() throws Exception {
        Path added = mountpoint.resolve("Bj\u00f6rk/02.flac");
        assertThat(Files.exists(added)).isFalse();
        assertThat(run("ls Bj*")).isEqualTo("01.flac\n");
        assertThat(mount.announcer().isKnown(namespace.node(ALBUM).orElseThrow()))
                .isTrue();

        NodeRow second = fileNode(4, "02.flac", source);
        namespace.pend(second);
        mount.announcer().created("/Bj\u00f6rk/02.flac", false);
        assertThat(Files.size(added)).isEqualTo(bytes.length);
        assertThat(run("ls Bj*")).isEqualTo("01.flac\n02.flac\n");
        assertThat(Files.readAllBytes(added)).isEqualTo(bytes);

        Path other = Files.write(dir.resolve("other"), new byte[] {1, 2, 3});
        FileVersion version = files.add(5, other);
        namespace.pend(new NodeRow(second.id(), ALBUM, "02.flac", 5, version.sizeBytes(), version.mtimeNanos()));
        mount.announcer().changed("/Bj\u00f6rk/02.flac", version.sizeBytes(), version.mtimeNanos());
        assertThat(Files.readAttributes(added, BasicFileAttributes.class).lastModifiedTime())
                .isEqualTo(FileTime.from(version.mtimeNanos(), TimeUnit.NANOSECONDS));
        assertThat(Files.readAllBytes(added)).containsExactly(1, 2, 3);

        namespace.pend(new NodeRow(second.id(), ALBUM, "03.flac", 5, version.sizeBytes(), version.mtimeNanos()));
        mount.announcer().moved("/Bj\u00f6rk/02.flac", "/Bj\u00f6rk/03.flac");
        assertThat(run("ls Bj*")).isEqualTo("01.flac\n03.flac\n");

        namespace.pendRemoval(namespace.lookup(ALBUM, "03.flac").orElseThrow());
        try (InputStream open = Files.newInputStream(mountpoint.resolve("Bj\u00f6rk/03.flac"))) {
            mount.announcer().removed("/Bj\u00f6rk/03.flac", false);
            assertThat(open.readAllBytes()).containsExactly(1, 2, 3);
        }
        assertThat(run("ls Bj*")).isEqualTo("01.flac\n");

        namespace.pend(new NodeRow(new NodeId(9), NodeId.ROOT, "New", 0, 0, 5));
        mount.announcer().created("/New", true);
        assertThat(run("ls")).contains("New");
        assertThat(mount.announcementFailures()).isZero();
        mount.announcer().created("/Never pending", true);
        assertThat(mount.announcementFailures()).isEqualTo(1);
    }

    @Test
    void refusesAMountpointThatIsTaken() {
        assertThatThrownBy(() -> new FuseMount(mountpoint, OPTIONS, vfs, defects::add))
                .hasMessageContaining("already mounted");
        assertThatThrownBy(() -> new FuseMount(dir, OPTIONS, vfs, defects::add)).hasMessageContaining("not empty");
        assertThatThrownBy(() -> new FuseMount(dir.resolve("no"), OPTIONS, vfs, defects::add))
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> new FuseMount(source, OPTIONS, vfs, defects::add))
                .hasMessageContaining("not a directory");
    }

    @Test
    void takesTheMountAwayFromThoseWhoKeepItBusy() throws Exception {
        InputStream open = Files.newInputStream(mountpoint.resolve("Bj\u00f6rk/01.flac"));
        assertThat(open.read()).isEqualTo(bytes[0] & 0xFF);
        namespace.put(fileNode(5, "unread.flac", source));
        InputStream unread = Files.newInputStream(mountpoint.resolve("Bj\u00f6rk/unread.flac"));
        mount.stop(Duration.ofMillis(100));
        assertThat(mount.threadCount()).isZero();
        assertThat(mount.ended()).isCompleted();
        try (Stream<Path> left = Files.list(mountpoint)) {
            assertThat(left).isEmpty();
        }
        assertThatThrownBy(unread::read).isInstanceOf(IOException.class);
        unread.close();
        open.close();
    }

    @Test
    void givesNoReaderThePagesOfAnotherVersionThatIsStillOpen() throws Exception {
        Path seen = mountpoint.resolve("Bj\u00f6rk/01.flac");
        try (FileChannel old = FileChannel.open(seen)) {
            byte[] changed = bytes.clone();
            java.util.Arrays.fill(changed, (byte) 'n');
            Path next = Files.write(dir.resolve("next"), changed);
            Files.move(next, source, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            NodeRow shown = namespace.lookup(ALBUM, "01.flac").orElseThrow();
            FileVersion version = files.add(shown.fileId(), source);
            namespace.put(new NodeRow(
                    shown.id(), ALBUM, shown.name(), shown.fileId(), version.sizeBytes(), version.mtimeNanos()));
            try (FileChannel now = FileChannel.open(seen)) {
                assertThat(contentOf(old)).isEqualTo(bytes);
                assertThat(contentOf(now)).isEqualTo(changed);
            }
        }
    }

    private static byte[] contentOf(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) channel.size());
        while (content.hasRemaining() && channel.read(content, content.position()) > 0) {}
        return content.array();
    }

    @Test
    @Resilience("2.7")
    void repairsAMountWhoseProcessIsGone() throws Exception {
        mount.stop(Duration.ofSeconds(2));
        // A mount whose device is closed at once is as dead as one whose process was killed.
        String kill = "import ctypes,os,sys;l=ctypes.CDLL(None);fd=os.open('/dev/fuse',os.O_RDWR);"
                + "r=l.mount(b'musicfs',os.fsencode(sys.argv[1]),b'fuse.musicfs',6,"
                + "('fd=%d,rootmode=40000,user_id=0,group_id=0'%fd).encode());print(r)";
        Process python = new ProcessBuilder("python3", "-c", kill, mountpoint.toString()).start();
        assertThat(new String(python.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("0\n");
        assertThat(python.waitFor()).isZero();
        assertThat(Mountpoint.isStale(mountpoint)).isTrue();
        assertThat(Mountpoint.prepare(mountpoint)).isEqualTo(mountpoint);
        assertThat(Mountpoint.isStale(mountpoint))
                .as("it stays until there is another")
                .isTrue();
        mount = new FuseMount(mountpoint, OPTIONS, vfs, defects::add);
        mount.start().get(60, TimeUnit.SECONDS);
        assertThat(run("ls")).contains("Björk");
        assertThat(MountTable.read().allAt(mountpoint)).hasSize(1);
        assertThat(defects).isEmpty();
    }

    @Test
    void servesManyReadersAtOnce() throws Exception {
        String digest = run("md5sum < " + source);
        String all = run("for i in $(seq 60); do md5sum < Bj*/01.flac & done; wait");
        assertThat(all.lines()).hasSize(60).allMatch(line -> digest.startsWith(line));
        assertThat(mount.threadCount()).isBetween(1, RequestLoop.MAX_THREADS);
    }

    /** Without those for a program's having the mount as its working directory. */
    private Map<String, Long> callsOfListing() {
        Map<String, Long> counts = new java.util.HashMap<>(mount.callCounts());
        counts.remove("ACCESS");
        return counts;
    }

    private void fill(int files) {
        for (int i = 0; i < files; i++) {
            namespace.put(new NodeRow(new NodeId(100 + i), ALBUM, "t" + i, 7, 5, 5));
        }
    }

    private NodeRow fileNode(long id, String name, Path path) {
        FileVersion version = files.add(id, path);
        return new NodeRow(new NodeId(id), ALBUM, name, id, version.sizeBytes(), version.mtimeNanos());
    }

    private String run(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-c", command)
                .directory(mountpoint.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
