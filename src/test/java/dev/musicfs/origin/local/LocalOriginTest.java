package dev.musicfs.origin.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.InodeKey;
import dev.musicfs.model.InodeTag;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginContract;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.disk.LocalPaths;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.testkit.Deadlines;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.TestingNames;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalOriginTest extends OriginContract {
    private final Vertx vertx = TestingVertx.start();

    @TempDir
    private Path temp;

    private Path root;
    private LocalPaths paths;
    private LocalOrigin origin;

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectory(temp.resolve("music"));
        paths = new LocalPaths(root);
        origin = new LocalOrigin(new OriginId("disk"), root, context());
        await(origin.start());
    }

    @AfterEach
    void stop() {
        await(origin.stop());
        await(vertx.close());
    }

    @Override
    protected Origin origin() {
        return origin;
    }

    @Override
    protected boolean hasNamesThatAreNotUtf8() {
        return true;
    }

    @Override
    protected void put(String path, byte[] content) {
        Path file = paths.locate(new RealPath(path));
        try {
            Files.createDirectories(paths.locate(new RealPath(path).parent()));
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void remove(String path) {
        try {
            Files.delete(paths.locate(new RealPath(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void removeRoot() {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void saysInOneSentenceWhyItCannotStart() throws IOException {
        LocalOrigin missing = new LocalOrigin(new OriginId("gone"), temp.resolve("absent"), context());
        assertThatThrownBy(() -> await(missing.start()))
                .hasStackTraceContaining(
                        "Origin gone is not there: the directory " + temp.resolve("absent") + " does not exist.");
        LocalOrigin file = new LocalOrigin(new OriginId("file"), Files.createFile(temp.resolve("f")), context());
        assertThatThrownBy(() -> await(file.start())).hasStackTraceContaining("is not a directory");
        assertThat(kindOf(file.start())).isEqualTo(FailureKind.INVALID);
    }

    @Test
    void followsLinksButNotInCirclesNorIntoNothing() throws IOException {
        put("album/a.flac", bytes("abc"));
        Files.createSymbolicLink(root.resolve("linked"), root.resolve("album"));
        Files.createSymbolicLink(root.resolve("track.flac"), root.resolve("album/a.flac"));
        Files.createSymbolicLink(root.resolve("dangling"), root.resolve("nowhere"));
        Files.createSymbolicLink(root.resolve("self"), root.resolve("self"));
        Files.createSymbolicLink(root.resolve("album/up"), root);

        // A directory that a link leads to is shown where it is.
        assertThat(names("")).containsExactly("album", "track.flac");
        assertThat(names("album")).containsExactly("album/a.flac");
        assertThat(entry("track.flac").directory()).isFalse();
    }

    @Test
    @Resilience("R.4")
    void namesWhatItCannotLookAtAndListsAllTheRest() throws IOException {
        put("album/a.flac", bytes("abc"));
        Files.createSymbolicLink(root.resolve("circle"), root.resolve("circle"));
        Files.createSymbolicLink(root.resolve("dangling.flac"), root.resolve("nowhere"));
        Files.createSymbolicLink(root.resolve("through"), root.resolve("album/a.flac/x"));

        List<OriginEntry> listed = await(origin.list(RealPath.ROOT));
        assertThat(listed)
                .extracting(each -> each.path() + " "
                        + each.unknown()
                                .flatMap(why -> Errno.of(why.getCause()))
                                .map(Errno::name)
                                .orElse("known"))
                .containsExactly("album known", "circle ELOOP", "dangling.flac ENOENT", "through ENOTDIR");
        assertThat(listed.get(1).isFile()).isFalse();
    }

    @Test
    @Resilience("R.5")
    void followsNoLinkOutOfItsRootAndReadsNothingThroughOne() throws IOException {
        Path secrets = Files.createDirectory(temp.resolve("secrets"));
        Files.writeString(secrets.resolve("diary.mp3"), "secret");
        put("album/a.flac", bytes("abc"));
        put("b.flac", bytes("secret"));
        FileVersion version = entry("b.flac").version();
        Files.createSymbolicLink(root.resolve("link.mp3"), secrets.resolve("diary.mp3"));
        Files.createSymbolicLink(root.resolve("dir"), secrets);
        Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("proc"), Path.of("/proc"));
        Files.createSymbolicLink(root.resolve("absolute.flac"), root.resolve("album/a.flac"));
        Files.createSymbolicLink(root.resolve("relative.flac"), Path.of("album/a.flac"));

        assertThat(names("")).containsExactly("absolute.flac", "album", "b.flac", "relative.flac");
        assertThat(await(origin.list(RealPath.ROOT)))
                .filteredOn(each -> each.unknown().isPresent())
                .extracting(each -> each.path().value())
                .containsExactly("dir", "link.mp3", "proc", "up");
        assertThat(kindOf(origin.list(new RealPath("dir")))).isEqualTo(FailureKind.REJECTED);
        assertThat(kindOf(origin.stat(new RealPath("link.mp3"), Deadlines.generous())))
                .isEqualTo(FailureKind.REJECTED);
        for (String path : List.of("link.mp3", "dir/diary.mp3", "up/secrets/diary.mp3", "proc/self/environ")) {
            assertThat(kindOf(origin.read(new RealPath(path), version, new ByteRange(0, 6), Deadlines.generous())))
                    .isEqualTo(FailureKind.REJECTED);
            assertThatThrownBy(() -> origin.directFiles()
                            .orElseThrow()
                            .openBlocking(new RealPath(path))
                            .close())
                    .isInstanceOf(IOException.class);
        }
        assertThat(read("absolute.flac", 0, 3)).isEqualTo("abc");
        assertThat(read("relative.flac", 0, 3)).isEqualTo("abc");
    }

    @Test
    @Resilience("R.5")
    void followsLinksToTheDirectoriesThatAreAllowed() throws IOException {
        Path archive = Files.createDirectory(temp.resolve("archive"));
        Files.createDirectories(archive.resolve("live/old"));
        Files.writeString(archive.resolve("live/x.flac"), "xyz");
        Files.createSymbolicLink(archive.resolve("live/again"), archive);
        Files.createSymbolicLink(root.resolve("archive"), archive.resolve("live"));
        LocalOrigin linked = new LocalOrigin(new OriginId("linked"), root, List.of(archive), context());

        assertThat(await(linked.list(RealPath.ROOT)))
                .extracting(each -> each.path().value() + each.directory())
                .containsExactly("archivetrue");
        assertThat(await(linked.list(new RealPath("archive"))))
                .extracting(each -> each.path().value())
                .containsExactly("archive/old", "archive/x.flac");
        FileVersion version = await(linked.stat(new RealPath("archive/x.flac"), Deadlines.generous()))
                .version();
        assertThat(await(linked.read(
                                new RealPath("archive/x.flac"), version, new ByteRange(0, 3), Deadlines.generous()))
                        .toString())
                .isEqualTo("xyz");
    }

    @Test
    @Resilience("R.5")
    void aFifoInPlaceOfAFileFailsAndHoldsUpNobody() throws Exception {
        put("a.flac", bytes("abc"));
        FileVersion version = entry("a.flac").version();
        Files.delete(root.resolve("a.flac"));
        assertThat(new ProcessBuilder("mkfifo", root.resolve("a.flac").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(kindOf(origin.read(new RealPath("a.flac"), version, new ByteRange(0, 3), Deadlines.generous())))
                .isNotNull();
        assertThatThrownBy(() -> origin.directFiles()
                        .orElseThrow()
                        .openBlocking(new RealPath("a.flac"))
                        .close())
                .hasMessageContaining("no regular file");
        assertThat(names("")).isEmpty();
    }

    @Test
    @Resilience("R.9")
    void aFileThatIsGivenADeletedOnesInodeIsNotTakenForIt() throws IOException {
        Set<Long> keys = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            put("made.flac", bytes("abc"));
            OriginEntry made = entry("made.flac");
            keys.add(made.fileKey());
            Files.delete(root.resolve("made.flac"));
            // The clock of the kernel's files ticks a hundred times a second or more.
            awaitTick();
        }
        assertThat(keys).hasSize(20).allMatch(InodeKey::isUnique);
    }

    /** Until a new file has another time than one made before. */
    private void awaitTick() throws IOException {
        Path first = Files.createFile(root.resolve("tick"));
        FileTime before = Files.getLastModifiedTime(first);
        FileTime now = before;
        while (now.equals(before)) {
            Files.write(first, bytes("x"));
            now = Files.getLastModifiedTime(first);
        }
        Files.delete(first);
    }

    @Test
    void knowsAFileAgainAfterARename() throws IOException {
        put("a.flac", bytes("abc"));
        OriginEntry before = entry("a.flac");
        Files.move(root.resolve("a.flac"), root.resolve("b.flac"));

        assertThat(entry("b.flac").fileKey()).isEqualTo(before.fileKey()).isNotZero();
        assertThat(entry("b.flac").version().sameSizeAndTime(before.version())).isTrue();
    }

    @Test
    @Resilience("R.9")
    void aFileOfTheSameSizeAndTimeIsAnotherVersionInPlaceAndByAnotherInode() throws IOException {
        put("a.flac", bytes("abc"));
        FileTime time = FileTime.fromMillis(1_600_000_000_000L);
        Files.setLastModifiedTime(root.resolve("a.flac"), time);
        FileVersion first = entry("a.flac").version();

        Files.writeString(root.resolve("a.flac"), "xyz");
        Files.setLastModifiedTime(root.resolve("a.flac"), time);
        FileVersion second = entry("a.flac").version();
        assertThat(second).isNotEqualTo(first);
        assertThat(second.sameSizeAndTime(first)).isTrue();
        assertThat(kindOf(origin.read(new RealPath("a.flac"), first, new ByteRange(0, 3), Deadlines.generous())))
                .isEqualTo(FailureKind.STALE);

        Files.writeString(root.resolve("b"), "xyz");
        Files.setLastModifiedTime(root.resolve("b"), time);
        Files.move(root.resolve("b"), root.resolve("a.flac"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(entry("a.flac").version()).isNotEqualTo(second);
        assertThat(InodeTag.of(entry("a.flac").version()).orElseThrow().inode())
                .isNotEqualTo(InodeTag.of(second).orElseThrow().inode());
    }

    @Test
    void failsAfterStopInsteadOfHanging() {
        await(origin.stop());
        assertThat(kindOf(origin.probe(Deadlines.generous()))).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void keepsNamesByteForByteInAPosixLocale() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PosixLocaleProbe.class.getName(),
                root.toString());
        builder.environment().put("LC_ALL", "POSIX");
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(output).endsWith("same\n").contains("ANSI_X3.4-1968");
        assertThat(names(""))
                .containsExactlyInAnyOrder("\u6771\u4eac", RealPath.decode(new byte[] {'B', 'j', (byte) 0xF6}));
    }

    private List<String> names(String directory) {
        return await(origin.list(new RealPath(directory))).stream()
                .filter(entry -> entry.unknown().isEmpty())
                .map(entry -> entry.path().value())
                .toList();
    }

    private BackendContext context() {
        return new BackendContext(
                vertx,
                ExecutorPools.workers(vertx, "origin-test", "Origin origin-test", 4, 1_000),
                TestingNames.LITERAL,
                Clock.system());
    }
}
