package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.KernelPages;
import dev.musicfs.testkit.Sampler;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import dev.musicfs.testkit.Trials;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user and a player see of a library on a real mount of the real jar. */
class MountIT {
    private static final int READERS = 100;
    private static final int RANGES = 200;
    private static final String LONG = "Singer/Long (2001) [WAV]/Long.wav";

    @TempDir
    static Path dir;

    private static Path origin;
    private static Path mount;
    private static DaemonProcess daemon;
    /** The original of each file by its path in the mount. */
    private static final SortedMap<String, Path> ORIGINALS = new TreeMap<>();

    @BeforeAll
    static void mountLibrary() throws IOException {
        origin = TestAudio.library(Files.createDirectories(dir.resolve("origin")));
        ORIGINALS.putAll(Sampler.originals(origin));
        ORIGINALS.put(
                LONG,
                TestAudio.copy(
                        TestAudio.Spec.of(AudioEncoding.WAV)
                                .withMillis(20_000)
                                .with("artist", "Singer")
                                .with("album", "Long")
                                .with("date", "2001")
                                .with("title", "Long"),
                        origin.resolve("long.wav")));
        // Each has a time of its own, to the nanosecond, and none is that of the copy.
        long nanos = 1_000_000_000_123_456_789L;
        for (Path original : ORIGINALS.values()) {
            Files.setLastModifiedTime(original, FileTime.from(nanos, TimeUnit.NANOSECONDS));
            nanos += 86_400_000_000_001L;
        }
        mount = Files.createDirectories(dir.resolve("mount"));
        daemon = DaemonProcess.scanned(mount, dir.resolve("cache"), origin);
    }

    @AfterAll
    static void unmount() {
        if (daemon != null) {
            daemon.close();
        }
    }

    @Test
    void everyFileHasTheBytesOfItsOriginal() {
        SortedMap<String, String> right = hashes();
        assertThat(Trees.hashes(mount)).isEqualTo(right);
        right.forEach((shown, hash) -> assertThat(KernelPages.sha256PastThem(mount.resolve(shown)))
                .as(shown)
                .isEqualTo(hash));
    }

    @Test
    void atAnyOffsetAndLengthTheBytesAreTheOriginals() throws Exception {
        for (String shown : List.of(LONG, ORIGINALS.firstKey(), ORIGINALS.lastKey())) {
            Path original = ORIGINALS.get(shown);
            long size = Files.size(original);
            Trials.check(1, draw -> {
                List<String> ranges = draw.ranges(RANGES, size, 1 << 20);
                assertThat(KernelPages.differences(mount.resolve(shown), original, ranges))
                        .as(shown)
                        .isEmpty();
            });
        }
    }

    @Test
    void sizesAndTimesAreExactAndBlocksAreNotZero() throws Exception {
        assertThat(Trees.hashes(mount).keySet()).isEqualTo(ORIGINALS.keySet());
        for (Map.Entry<String, Path> each : ORIGINALS.entrySet()) {
            Path shown = mount.resolve(each.getKey());
            long sizeBytes = Files.size(each.getValue());
            assertThat(Files.readAllBytes(shown)).as(each.getKey()).hasSize((int) sizeBytes);
            assertThat(Files.getLastModifiedTime(shown))
                    .as(each.getKey())
                    .isEqualTo(Files.getLastModifiedTime(each.getValue()));
            Shell stat = Shell.run("stat", "-c", "%s %b %B %h %A %u %g", shown.toString());
            assertThat(stat.output().strip())
                    .as(each.getKey())
                    .isEqualTo("%d %d 512 1 -r--r--r-- %s", sizeBytes, (sizeBytes + 511) / 512, owner());
        }
        try (Stream<Path> all = Files.walk(mount)) {
            for (Path directory : all.filter(Files::isDirectory).toList()) {
                assertThat(Shell.run("stat", "-c", "%A %u %g", directory.toString())
                                .output()
                                .strip())
                        .as(directory.toString())
                        .isEqualTo("dr-xr-xr-x " + owner());
            }
        }
    }

    /** Without a configuration that says otherwise it is that of the daemon. */
    private static String owner() throws Exception {
        return Shell.bash("echo $(id -u) $(id -g)").output().strip();
    }

    @Test
    void listingsCarryTheTypeAndTheInodeNumberOfEachEntry() throws Exception {
        // readdir(3) alone; everything else would look at the entry when the listing does not say.
        String program =
                """
                import ctypes, os, sys
                class Entry(ctypes.Structure):
                    _fields_ = [('ino', ctypes.c_uint64), ('off', ctypes.c_int64), ('length', ctypes.c_uint16),
                                ('type', ctypes.c_ubyte), ('name', ctypes.c_char * 256)]
                c = ctypes.CDLL(None)
                c.opendir.restype = ctypes.c_void_p
                c.readdir.argtypes = [ctypes.c_void_p]
                c.readdir.restype = ctypes.POINTER(Entry)
                def look(path):
                    directory, entries = c.opendir(path), []
                    while (entry := c.readdir(directory)): entries.append(entry.contents.__class__.from_buffer_copy(entry.contents))
                    for each in entries:
                        if each.name in (b'.', b'..'): continue
                        stat = os.lstat(path + b'/' + each.name)
                        if (each.type << 12, each.ino) != (stat.st_mode & 0o170000, stat.st_ino): print('wrong', each.name)
                        print('d' if each.type == 4 else 'f')
                        if each.type == 4: look(path + b'/' + each.name)
                look(os.fsencode(sys.argv[1]))
                """;
        Shell looked = Shell.run("python3", "-c", program, mount.toString());
        assertThat(looked.exitCode()).as(looked.output()).isZero();
        assertThat(looked.output().lines().filter(line -> line.equals("f"))).hasSameSizeAs(ORIGINALS.keySet());
        assertThat(looked.output()).contains("d\n").doesNotContain("wrong");
    }

    @Test
    void playerProbesATrack() throws Exception {
        Path track = mount.resolve("Northern Lights/First Snow (1999) [FLAC]/01 - Dawn.flac");
        Shell probe = Shell.run(
                "ffprobe",
                "-v",
                "error",
                "-show_entries",
                "format=duration:format_tags",
                "-of",
                "json",
                track.toString());
        assertThat(probe.exitCode()).as(probe.output()).isZero();
        assertThat(probe.output()).contains("\"duration\": \"0.500000\"", "First Snow", "Dawn");
    }

    @Test
    void hundredReadersAtOnceAllGetTheRightBytes() throws Exception {
        SortedMap<String, String> right = hashes();
        List<String> files = List.copyOf(right.keySet());
        CountDownLatch allAreThere = new CountDownLatch(READERS);
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                Path file = mount.resolve(i % 2 == 0 ? LONG : files.get(i % files.size()));
                results.add(readers.submit(() -> {
                    allAreThere.countDown();
                    allAreThere.await();
                    return mount.relativize(file) + " " + KernelPages.sha256PastThem(file);
                }));
            }
            for (int i = 0; i < READERS; i++) {
                String shown = i % 2 == 0 ? LONG : files.get(i % files.size());
                assertThat(results.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(shown + " " + right.get(shown));
            }
        } finally {
            readers.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "touch \"$1\"",
                "touch \"$2/new\"",
                "mkdir \"$2/new\"",
                "rm \"$1\"",
                "rmdir \"$2\"",
                "mv \"$1\" \"$1.moved\"",
                "mv \"$2\" \"$2.moved\"",
                "ln \"$1\" \"$1.link\"",
                "ln -s target \"$2/link\"",
                "mkfifo \"$2/fifo\"",
                "chmod 644 \"$1\"",
                "chown 1:1 \"$1\"",
                "truncate -s 0 \"$1\"",
                "echo x >> \"$1\"",
                "setfattr -n user.x -v y \"$1\""
            })
    void everyMutationIsRefusedAsReadOnly(String command) throws Exception {
        Path track = mount.resolve(ORIGINALS.firstKey());
        String before = everything(mount);
        String originals = everything(origin);
        SortedMap<String, String> right = hashes();
        Shell result = Shell.bash("exec 2>&1; " + command, track, track.getParent());
        assertThat(result.exitCode()).as(command).isNotZero();
        if (command.startsWith("setfattr")) {
            assertThat(result.output()).containsAnyOf("Read-only file system", "not supported");
        } else {
            assertThat(result.output()).contains("Read-only file system");
        }
        assertThat(everything(origin)).isEqualTo(originals);
        assertThat(hashes()).isEqualTo(right);
        assertThat(everything(mount)).isEqualTo(before);
        KernelPages.drop(mount);
        assertThat(Trees.hashes(mount)).isEqualTo(right);
    }

    private static String everything(Path root) throws Exception {
        Shell found = Shell.bash("cd \"$1\" && find . -printf '%p %y %i %m %U %G %s %T@\\n' | sort", root);
        assertThat(found.exitCode()).as(found.output()).isZero();
        assertThat(found.output().lines()).hasSizeGreaterThan(ORIGINALS.size());
        return found.output();
    }

    @Test
    void virtualMachineHasNothingToWarnOf() {
        assertThat(daemon.output()).doesNotContain("WARNING:");
    }

    @Test
    void unknownPathsAreNotFoundAndReadsPastTheEndAreEmpty() throws Exception {
        Path known = mount.resolve(ORIGINALS.firstKey());
        for (Path unknown : List.of(
                mount.resolve("no such artist"),
                mount.resolve("no such artist/no such album"),
                known.resolveSibling("no such track.flac"))) {
            assertThatThrownBy(() -> Files.readAttributes(unknown, BasicFileAttributes.class))
                    .isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> FileChannel.open(unknown)).isInstanceOf(NoSuchFileException.class);
        }
        for (String shown : List.of(LONG, ORIGINALS.firstKey())) {
            long size = Files.size(ORIGINALS.get(shown));
            // The daemon is asked for these, and each is compared with what there is of it in the original.
            assertThat(KernelPages.differences(
                            mount.resolve(shown),
                            ORIGINALS.get(shown),
                            List.of(
                                    size + "+1",
                                    size + "+4096",
                                    (size + 1) + "+1",
                                    (size + 1_000_000) + "+4096",
                                    (size - 1) + "+1",
                                    (size - 1) + "+2",
                                    (size - 1) + "+4096",
                                    (size - 5000) + "+10000",
                                    "0+" + (size + 1))))
                    .as(shown)
                    .isEmpty();
            Shell past = Shell.bash(
                    "set -o pipefail; dd if=\"$1\" bs=4096 skip=1000000 status=none | wc -c", mount.resolve(shown));
            assertThat(past.exitCode()).as(past.output()).isZero();
            assertThat(past.output().strip()).isEqualTo("0");
        }
    }

    @Test
    void statfsTellsTheTruth() throws Exception {
        Shell stat = Shell.run("stat", "-f", "-c", "%b %S %a %T", mount.toString());
        String[] fields = stat.output().trim().split(" ", -1);
        long total = Long.parseLong(fields[0]) * Long.parseLong(fields[1]);
        long shown = 0;
        for (Path original : ORIGINALS.values()) {
            shown += Files.size(original);
        }
        assertThat(total).isBetween(shown, shown + Long.parseLong(fields[1]));
        assertThat(fields[2]).isEqualTo("0");
    }

    private static SortedMap<String, String> hashes() {
        SortedMap<String, String> right = new TreeMap<>();
        ORIGINALS.forEach((shown, original) -> right.put(shown, Trees.sha256(original)));
        return right;
    }

    static String hash(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
