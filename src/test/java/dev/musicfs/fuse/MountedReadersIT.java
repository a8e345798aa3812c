package dev.musicfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.content.file.ContentVerticle;
import dev.musicfs.content.file.OpenFile;
import dev.musicfs.content.file.TestingFiles;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.NodeId;
import dev.musicfs.posix.MountTable;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.LocalMessages;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingVertx;
import dev.musicfs.vfs.ContentBus;
import dev.musicfs.vfs.Presentation;
import dev.musicfs.vfs.TestingNamespace;
import dev.musicfs.vfs.VirtualFileSystem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that read a real mount in every way Linux has, and ones that give up or lose the mount while they wait. */
@Timeout(300)
class MountedReadersIT {
    private static final MountOptions OPTIONS = new MountOptions(Duration.ofHours(1), false, 128 * 1024);
    private static final long HELD = 4;

    /** Each way to read, as a Python function from a path to all bytes of the file. */
    private static final String WAYS =
            """
            import ctypes, mmap, os, struct, subprocess, sys, tempfile
            def o_direct(path):
                fd = os.open(path, os.O_RDONLY | os.O_DIRECT)
                room, out = mmap.mmap(-1, 1 << 20), b''
                while n := os.preadv(fd, [room], len(out)): out += room[:n]
                return out
            def mapped(path):
                with open(path) as f, mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ) as m: return m[:]
            def mapped_privately(path):
                with open(path) as f, mmap.mmap(f.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ) as m: return m[:]
            def through(path, move):
                with open(path) as f, tempfile.TemporaryFile() as t:
                    move(f.fileno(), t.fileno(), os.fstat(f.fileno()).st_size); t.seek(0); return t.read()
            def sendfile(path):
                def move(f, t, size):
                    at = 0
                    while n := os.sendfile(t, f, at, size): at += n
                return through(path, move)
            def cp(path):
                with tempfile.TemporaryDirectory() as d:
                    subprocess.run(['cp', path, d + '/copy'], check=True)
                    with open(d + '/copy', 'rb') as t: return t.read()
            def splice(path):
                def move(f, t, size):
                    r, w = os.pipe()
                    while n := os.splice(f, w, 65536):
                        while n: n -= os.splice(r, t, n)
                return through(path, move)
            def io_uring(path):
                c = ctypes.CDLL(None, use_errno=True)
                p = ctypes.create_string_buffer(120)
                ring = c.syscall(425, 4, p)
                if ring < 0: raise OSError(ctypes.get_errno(), 'io_uring_setup')
                sq_off, cq_off = struct.unpack_from('10I', p, 40), struct.unpack_from('10I', p, 80)
                sq = mmap.mmap(ring, sq_off[6] + 16, offset=0)
                cq = mmap.mmap(ring, cq_off[5] + 128, offset=0x8000000)
                sqes = mmap.mmap(ring, 256, offset=0x10000000)
                fd, room, out, head = os.open(path, os.O_RDONLY), ctypes.create_string_buffer(300000), b'', 0
                while True:
                    sqes[0:64] = struct.pack('BBHiQQIIQHHiQQ', 22, 0, 0, fd, len(out), ctypes.addressof(room), 300000,
                                             0, 7, 0, 0, 0, 0, 0)
                    tail, mask = struct.unpack_from('I', sq, sq_off[1])[0], struct.unpack_from('I', sq, sq_off[2])[0]
                    struct.pack_into('I', sq, sq_off[6] + 4 * (tail & mask), 0)
                    struct.pack_into('I', sq, sq_off[1], tail + 1)
                    if c.syscall(426, ring, 1, 1, 1, None, 0) < 0: raise OSError(ctypes.get_errno(), 'io_uring_enter')
                    at = cq_off[5] + 16 * (head & struct.unpack_from('I', cq, cq_off[2])[0])
                    n = struct.unpack_from('i', cq, at + 8)[0]
                    head += 1
                    struct.pack_into('I', cq, cq_off[0], head)
                    if n < 0: raise OSError(-n, 'read')
                    if n == 0: return out
                    out += room[:n]
            shown, source = sys.argv[2:4]
            print(globals()[sys.argv[1]](shown) == open(source, 'rb').read())
            """;

    /** Takes a file's handle, has the kernel drop all that it keeps, and opens the file by the handle. */
    private static final String BY_HANDLE =
            """
            import ctypes, os, sys
            c = ctypes.CDLL(None, use_errno=True)
            handle, mount = ctypes.create_string_buffer(8 + 128), ctypes.c_int()
            ctypes.c_uint.from_buffer(handle, 0).value = 128
            if c.name_to_handle_at(-100, os.fsencode(sys.argv[2]), handle, ctypes.byref(mount), 0):
                sys.exit('no handle: %d' % ctypes.get_errno())
            os.sync()
            open('/proc/sys/vm/drop_caches', 'w').write('2')
            top = os.open(sys.argv[1], os.O_RDONLY)
            fd = c.open_by_handle_at(top, handle, os.O_RDONLY)
            if fd < 0: sys.exit('not opened: %d' % ctypes.get_errno())
            print(open(fd, 'rb').read() == open(sys.argv[3], 'rb').read())
            """;

    @TempDir
    Path dir;

    private final Vertx vertx = TestingVertx.start();
    private final TestingNamespace namespace = new TestingNamespace();
    private final TestingFiles files = new TestingFiles();
    private final Map<Long, Promise<OpenFile>> held = new ConcurrentHashMap<>();
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();
    private final List<Process> programs = new ArrayList<>();
    private final ContentBus bus = new ContentBus();
    private Path mountpoint;
    private Path source;
    private VirtualFileSystem vfs;
    private FuseMount mount;

    @BeforeEach
    void mount() throws Exception {
        byte[] bytes = new byte[3_000_001];
        new Random(2).nextBytes(bytes);
        source = Files.write(dir.resolve("source"), bytes);
        mountpoint = Files.createDirectory(dir.resolve("mnt"));
        namespace.directory(2, NodeId.ROOT, "album");
        for (long id : List.of(3L, HELD)) {
            FileVersion version = files.add(id, source);
            String name = id == HELD ? "held" : "track";
            namespace.put(
                    new NodeRow(new NodeId(id), new NodeId(2), name, id, version.sizeBytes(), version.mtimeNanos()));
        }
        LocalMessages.register(vertx);
        get(vertx.deployVerticle(new ContentVerticle((fileId, deadline) -> {
            if (fileId != HELD) {
                return files.open(fileId, deadline);
            }
            Promise<OpenFile> opening = Promise.promise();
            held.put((long) held.size(), opening);
            return opening.future();
        })));
        bus.connect(vertx);
        vfs = new VirtualFileSystem(namespace, bus, new Presentation(0444, 0555, 0, 0), Duration.ofMinutes(10), 100);
        mount = new FuseMount(mountpoint, OPTIONS, vfs, defects::add);
        mount.start().get(60, TimeUnit.SECONDS);
    }

    @AfterEach
    void unmount() throws Exception {
        try {
            programs.forEach(Process::destroyForcibly);
            mount.stop(Duration.ofSeconds(2));
            bus.close();
            vfs.close();
        } finally {
            new ProcessBuilder("sh", "-c", "fusermount -uz '" + mountpoint + "' 2>/dev/null; true")
                    .start()
                    .waitFor();
            get(vertx.close());
        }
        assertThat(MountTable.read().at(mountpoint)).isEmpty();
        assertThat(defects).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "o_direct",
                "mapped",
                "mapped_privately",
                "sendfile",
                "cp", // by copy_file_range(2) where it may
                "splice",
                "io_uring"
            })
    void everyWayOfReadingGetsTheBytes(String way) throws Exception {
        assertThat(output(python(WAYS, way, mountpoint + "/album/track", source.toString())))
                .isEqualTo("True\n");
    }

    @Test
    void aHandleLeadsToItsFileWhenTheKernelHasForgottenIt() throws Exception {
        assertThat(output(python(BY_HANDLE, mountpoint.toString(), mountpoint + "/album/track", source.toString())))
                .isEqualTo("True\n");
    }

    @Test
    @Resilience("R.1")
    void aProgramThatIsKilledWhileItWaitsEndsAtOnce() throws Exception {
        Process reader = start("cat", mountpoint + "/album/held");
        await(() -> held.size() == 1 && mount.waitingCount() == 1);

        reader.destroyForcibly();

        assertThat(reader.waitFor(60, TimeUnit.SECONDS)).as("has ended").isTrue();
        await(() -> mount.waitingCount() == 0);
        // What comes of its opening afterwards is closed and no handle is left.
        held.values().forEach(opening -> opening.complete(files.openBlocking(3)));
        await(() -> vfs.openFileCount() == 0);
    }

    @Test
    @Resilience("R.1")
    void whoWaitsWhenTheMountIsTakenAwayHearsOfIt() throws Exception {
        List<Process> readers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            readers.add(start("cat", mountpoint + "/album/held"));
        }
        await(() -> held.size() == 30 && mount.waitingCount() == 30);

        mount.stop(Duration.ofMillis(100));

        assertThat(mount.ended()).isCompleted();
        for (Process reader : readers) {
            assertThat(reader.waitFor(60, TimeUnit.SECONDS)).as("has ended").isTrue();
            assertThat(reader.exitValue()).isNotZero();
        }
        held.values().forEach(opening -> opening.complete(files.openBlocking(3)));
        await(() -> vfs.openFileCount() == 0);
    }

    private Process python(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("python3", "-c", program));
        command.addAll(List.of(arguments));
        return start(command.toArray(String[]::new));
    }

    private Process start(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        programs.add(process);
        return process;
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void await(BooleanSupplier condition) {
        assertThat(Polling.until(condition, Duration.ofMillis(5), Deadline.in(Duration.ofSeconds(60))))
                .isTrue();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
