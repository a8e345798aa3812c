package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.formats.LayoutReader;
import dev.musicfs.formats.TagReader;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.FaultyOrigin;
import dev.musicfs.testkit.FaultyOrigin.Method;
import dev.musicfs.testkit.ManualTimers;
import dev.musicfs.testkit.MemoryOrigin;
import dev.musicfs.testkit.OriginMode;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.TestAudio.Spec;
import dev.musicfs.testkit.TestingVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RemoteTagSourceTest {
    private static final long MOST_BYTES = 256 << 10;
    private static final int LARGE_PICTURE = 700_000;

    @TempDir
    private Path directory;

    private final Vertx vertx = TestingVertx.start();
    private final WorkerExecutor workers = ExecutorPools.workers(vertx, "tags", "Origin tags", 2, 1_000);
    private final MemoryOrigin files = new MemoryOrigin("far");
    private final FaultyOrigin origin = new FaultyOrigin(files, new ManualTimers());

    private TestReporter reporter;

    @BeforeEach
    void keepReporter(TestReporter given) {
        reporter = given;
    }

    @AfterEach
    void close() throws Exception {
        get(vertx.close());
    }

    @ParameterizedTest
    @EnumSource(AudioEncoding.class)
    void readsWhatALocalReaderReadsFromAFractionOfTheFile(AudioEncoding encoding) throws Exception {
        readsTheSame(Files.readAllBytes(TestAudio.track(tagged(encoding))), encoding.extension(), MOST_BYTES, 4);
    }

    @ParameterizedTest
    @EnumSource(AudioEncoding.class)
    void readsShortFilesInOneRequest(AudioEncoding encoding) throws Exception {
        byte[] file = Files.readAllBytes(TestAudio.track(tagged(encoding).withMillis(300)));
        assertThat(file.length).isLessThan(80 << 10);
        readsTheSame(file, encoding.extension(), file.length, 1);
    }

    @Test
    void readsM4aWithItsIndexInFront() throws Exception {
        Path source = TestAudio.track(tagged(AudioEncoding.M4A_AAC));
        Path fast = directory.resolve("fast.m4a");
        Process ffmpeg = new ProcessBuilder(
                        "ffmpeg",
                        "-nostdin",
                        "-loglevel",
                        "error",
                        "-i",
                        source.toString(),
                        "-c",
                        "copy",
                        "-movflags",
                        "+faststart",
                        fast.toString())
                .inheritIO()
                .start();
        assertThat(ffmpeg.waitFor()).isZero();
        readsTheSame(Files.readAllBytes(fast), "m4a", MOST_BYTES, 3);
    }

    @Test
    void readsMp3WithTagsBehindTheAudio() throws Exception {
        byte[] mp3 = Files.readAllBytes(TestAudio.track(tagged(AudioEncoding.MP3_ID3V23)));
        readsTheSame(join(mp3, apeTag("Title", "T"), id3v1("Old title")), "mp3", MOST_BYTES, 3);
        byte[] bare = Files.readAllBytes(
                TestAudio.track(Spec.of(AudioEncoding.MP3_ID3V24).withMillis(60_000)));
        byte[] untagged = Arrays.copyOfRange(bare, id3End(bare), bare.length);
        ReadFile read = readsTheSame(join(untagged, id3v1("Old title")), "mp3", MOST_BYTES, 3);
        assertThat(read.tags().title()).isEqualTo("Old title");
    }

    @Test
    void readsMonkeysAudio() throws Exception {
        byte[] file = join("MAC ".getBytes(StandardCharsets.US_ASCII), noise(500_000), apeTag("Title", "An ape's"));
        assertThat(readsTheSame(file, "ape", MOST_BYTES, 2).tags().title()).isEqualTo("An ape's");
    }

    @Test
    void passesOverALargePictureInFlac() throws Exception {
        byte[] flac = Files.readAllBytes(TestAudio.track(tagged(AudioEncoding.FLAC)));
        // Behind STREAMINFO, before the comments.
        int at = 4 + 4 + 34;
        ByteBuffer block = ByteBuffer.allocate(4 + 32 + 10 + LARGE_PICTURE);
        block.putInt(6 << 24 | (block.capacity() - 4)).putInt(3).putInt(10);
        block.put("image/jpeg".getBytes(StandardCharsets.US_ASCII)).putInt(0);
        block.putInt(1).putInt(1).putInt(24).putInt(0).putInt(LARGE_PICTURE).put(noise(LARGE_PICTURE));
        byte[] file = join(Arrays.copyOf(flac, at), block.array(), Arrays.copyOfRange(flac, at, flac.length));
        ReadFile read = readsTheSame(file, "flac", MOST_BYTES, 4);
        assertThat(read.tags().title()).isEqualTo("Title of it");
        assertThat(read.layout().orElseThrow().pictures()).hasSize(1);
    }

    @Test
    void passesOverALargePictureInId3() throws Exception {
        byte[] mp3 = Files.readAllBytes(TestAudio.track(tagged(AudioEncoding.MP3_ID3V23)));
        int oldSize = id3End(mp3) - 10;
        byte[] head = "\0image/jpeg\0\3\0".getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer frame = ByteBuffer.allocate(10 + head.length + LARGE_PICTURE);
        frame.put("APIC".getBytes(StandardCharsets.US_ASCII)).putInt(head.length + LARGE_PICTURE);
        frame.putShort((short) 0).put(head).put(noise(LARGE_PICTURE));
        int size = oldSize + frame.capacity();
        byte[] tag = Arrays.copyOf(mp3, 10);
        for (int i = 0; i < 4; i++) {
            tag[9 - i] = (byte) ((size >> (7 * i)) & 0x7F);
        }
        byte[] file = join(tag, frame.array(), Arrays.copyOfRange(mp3, 10, mp3.length));
        ReadFile read = readsTheSame(file, "mp3", MOST_BYTES, 5);
        assertThat(read.tags().title()).isEqualTo("Title of it");
        assertThat(read.layout().orElseThrow().pictures()).hasSize(1);
    }

    @Test
    void passesOverCoversAndTablesInM4a() throws Exception {
        byte[] m4a = Files.readAllBytes(TestAudio.track(tagged(AudioEncoding.M4A_AAC)));
        byte[] picture = atom("data", join(new byte[] {0, 0, 0, 13, 0, 0, 0, 0}, noise(LARGE_PICTURE)));
        byte[] withCover = grown(m4a, atom("covr", picture), "moov", "udta", "meta", "ilst");
        byte[] file = grown(withCover, atom("stts", noise(400_000)), "moov", "trak", "mdia", "minf", "stbl");
        ReadFile read = readsTheSame(file, "m4a", MOST_BYTES, 8);
        assertThat(read.tags().title()).isEqualTo("Title of it");
        assertThat(read.layout().orElseThrow().pictures()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = AudioEncoding.class,
            names = {"FLAC", "MP3_ID3V23", "MP3_ID3V24", "OGG_VORBIS", "OPUS", "OGG_FLAC", "AIFF", "WAVPACK"})
    void fetchesTagsThatGoOnBeyondTheBeginning(AudioEncoding encoding) throws Exception {
        Spec spec = tagged(encoding);
        int filler = 100_000;
        for (String name : List.of("aaa1", "aaa2", "zzz")) {
            spec = spec.with(name, "x".repeat(filler));
        }
        byte[] file = Files.readAllBytes(TestAudio.track(spec));
        ReadFile read = readsTheSame(file, encoding.extension(), 6L * filler + MOST_BYTES, 10);
        assertThat(read.tags().artist()).isEqualTo("An artist");
    }

    /** Whatever is wrong with a file, it must not become another one by being far away. */
    @ParameterizedTest
    @EnumSource(AudioEncoding.class)
    void findsInDamagedFilesWhatALocalReaderFinds(AudioEncoding encoding) throws Exception {
        byte[] sound = Files.readAllBytes(TestAudio.track(tagged(encoding)));
        RemoteTagSource source = source(4);
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            byte[] file = sound.clone();
            for (int i = 0; i < 1 + seed % 4; i++) {
                int near = random.nextInt(1_500);
                file[random.nextInt(3) == 0 ? file.length - 1 - near : near] = (byte) random.nextInt(256);
            }
            String name = "damaged." + encoding.extension();
            Path local = Files.write(directory.resolve(name), file);
            FileVersion version = files.put(name, file);
            assertThat(outcome(
                            () -> get(source.read(new RealPath(name), version)).tags()))
                    .as("seed " + seed)
                    .isEqualTo(outcome(() -> new TagReader().readBlocking(local, encoding.extension())));
        }
    }

    private static Object outcome(Callable<Object> read) throws Exception {
        try {
            return read.call();
        } catch (MusicFsException e) {
            return e.kind();
        }
    }

    @Test
    void callsAFileDamagedOnlyAfterASecondLook() throws Exception {
        byte[] nonsense = noise(3_000_000);
        FileVersion version = files.put("a.flac", nonsense);
        assertFails(version, "a.flac", FailureKind.CORRUPT);
        assertThat(origin.bytes()).isBetween((long) nonsense.length, nonsense.length + MOST_BYTES);
    }

    @Test
    void findsOnASecondLookWhatLiesWhereNobodyLooksFirst() throws Exception {
        // A megabyte of zeros before the first frame: too far for the first look.
        byte[] mp3 = Files.readAllBytes(TestAudio.track(tagged(AudioEncoding.MP3_ID3V23)));
        int end = id3End(mp3);
        byte[] file = join(Arrays.copyOf(mp3, end), new byte[1 << 20], Arrays.copyOfRange(mp3, end, mp3.length));
        readsTheSame(file, "mp3", Long.MAX_VALUE, 100);
    }

    @Test
    void neverTakesAFailingReadForDamage() throws Exception {
        byte[] file = Files.readAllBytes(TestAudio.track(tagged(AudioEncoding.FLAC)));
        FileVersion version = files.put("a.flac", file);
        for (FailureKind kind : List.of(
                FailureKind.UNAVAILABLE,
                FailureKind.TIMEOUT,
                FailureKind.REJECTED,
                FailureKind.STALE,
                FailureKind.NOT_FOUND)) {
            origin.mode(new OriginMode.ReturnError(kind));
            assertFails(version, "a.flac", kind);
        }
        origin.mode(new OriginMode.PartialRead(1_000));
        assertFails(version, "a.flac", FailureKind.STALE);
        origin.mode(new OriginMode.WrongLength(-1));
        assertFails(version, "a.flac", FailureKind.STALE);
        origin.mode(new OriginMode.WrongLength(5));
        assertFails(version, "a.flac", FailureKind.STALE);
        origin.mode(new OriginMode.FailAfterN(1));
        assertFails(version, "a.flac", FailureKind.UNAVAILABLE);
        files.put("a.flac", file);
        origin.mode(new OriginMode.Healthy());
        assertFails(version, "a.flac", FailureKind.STALE);
    }

    @Test
    void aSecondLookThatFailsIsNoDamageEither() {
        FileVersion version = files.put("a.flac", noise(3_000_000));
        origin.mode(new OriginMode.FailAfterN(3));
        assertFails(version, "a.flac", FailureKind.UNAVAILABLE);
    }

    @Test
    void asksNothingForAFileNobodyCanRead() {
        FileVersion version = files.put("a.txt", noise(1_000));
        assertFails(version, "a.txt", FailureKind.INVALID);
        assertThat(origin.calls(Method.READ)).isZero();
    }

    @Test
    void anEmptyFileIsDamagedWithoutAQuestion() {
        FileVersion version = files.put("a.flac", new byte[0]);
        assertFails(version, "a.flac", FailureKind.CORRUPT);
        assertThat(origin.calls(Method.READ)).isZero();
    }

    @Test
    void keepsToItsSlots() throws Exception {
        byte[] file = Files.readAllBytes(TestAudio.track(tagged(AudioEncoding.FLAC)));
        RemoteTagSource source = source(3);
        origin.mode(new OriginMode.Held());
        List<Future<ReadFile>> reads = Stream.of("a.flac", "b.flac", "c.flac")
                .map(name -> source.read(new RealPath(name), files.put(name, file)))
                .toList();
        assertThat(origin.underWay()).isEqualTo(3);
        origin.mode(new OriginMode.Healthy());
        for (int i = 0; i < 3; i++) {
            origin.takeHeld().release();
        }
        for (Future<ReadFile> read : reads) {
            assertThat(get(read).tags().title()).isEqualTo("Title of it");
        }
    }

    private static Spec tagged(AudioEncoding encoding) {
        Spec spec = Spec.of(encoding)
                .with("title", "Title of it")
                .with("artist", "An artist")
                .with("album", "The album")
                .with("track", "3")
                .with("date", "1999");
        // Long enough that neither beginning nor end reaches to the other.
        return spec.withMillis(60_000);
    }

    private ReadFile readsTheSame(byte[] file, String extension, long mostBytes, int mostRequests) throws Exception {
        Path local = Files.write(directory.resolve("local." + extension), file);
        ReadFile expected = new ReadFile(new TagReader().readBlocking(local, extension), layoutOf(local, extension));
        FileVersion version = files.put("a." + extension, file);
        RemoteTagSource source = source(4);
        long bytesBefore = origin.bytes();
        int callsBefore = origin.calls(Method.READ);
        ReadFile read = get(source.read(new RealPath("a." + extension), version));
        RemoteTagSource.Counts counts = source.counts();
        reporter.publishEntry(extension + " of " + file.length + " bytes", counts.toString());
        assertThat(read).isEqualTo(expected);
        assertThat(counts.bytes()).isEqualTo(origin.bytes() - bytesBefore).isLessThanOrEqualTo(mostBytes);
        assertThat(counts.requests())
                .isEqualTo(origin.calls(Method.READ) - callsBefore)
                .isLessThanOrEqualTo(mostRequests);
        assertThat(counts.files()).isOne();
        return read;
    }

    private static java.util.Optional<dev.musicfs.model.AudioLayout> layoutOf(Path file, String extension) {
        try {
            return java.util.Optional.of(LayoutReader.readBlocking(file, extension));
        } catch (MusicFsException none) {
            return java.util.Optional.empty();
        }
    }

    private void assertFails(FileVersion version, String path, FailureKind kind) {
        assertThatThrownBy(() -> get(source(4).read(new RealPath(path), version)))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private RemoteTagSource source(int slots) {
        return new RemoteTagSource(
                origin,
                Duration.ofSeconds(30),
                new ScanSlots(slots),
                new TagReader(),
                true,
                workers,
                ParseNotes.Noted.nowhere());
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static byte[] atom(String name, byte[] payload) {
        ByteBuffer atom = ByteBuffer.allocate(8 + payload.length);
        return atom.putInt(atom.capacity())
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .put(payload)
                .array();
    }

    /** With {@code more} at the end of the atom that lies at {@code path}; right where moov is behind the audio. */
    private static byte[] grown(byte[] mp4, byte[] more, String... path) throws IOException {
        byte[] grown = mp4.clone();
        ByteBuffer atoms = ByteBuffer.wrap(grown);
        int at = 0;
        int end = mp4.length;
        for (String name : path) {
            while (!new String(mp4, at + 4, 4, StandardCharsets.US_ASCII).equals(name)) {
                at += atoms.getInt(at);
            }
            int length = atoms.getInt(at);
            end = at + length;
            atoms.putInt(at, length + more.length);
            at += name.equals("meta") ? 12 : 8;
        }
        return join(Arrays.copyOf(grown, end), more, Arrays.copyOfRange(grown, end, grown.length));
    }

    private static int id3End(byte[] mp3) {
        return 10 + (mp3[6] << 21 | mp3[7] << 14 | mp3[8] << 7 | mp3[9]);
    }

    private static byte[] id3v1(String title) {
        ByteBuffer tag = ByteBuffer.allocate(128);
        tag.put("TAG".getBytes(StandardCharsets.US_ASCII)).put(title.getBytes(StandardCharsets.ISO_8859_1));
        return tag.array();
    }

    private static byte[] apeTag(String key, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        byte[] name = key.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer tag =
                ByteBuffer.allocate(8 + name.length + 1 + text.length + 32).order(ByteOrder.LITTLE_ENDIAN);
        tag.putInt(text.length).putInt(0).put(name).put((byte) 0).put(text);
        tag.put("APETAGEX".getBytes(StandardCharsets.US_ASCII)).putInt(2000).putInt(tag.capacity());
        tag.putInt(1).putInt(0);
        return tag.array();
    }

    private static byte[] join(byte[]... parts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.write(part);
        }
        return all.toByteArray();
    }

    private static <T> T get(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }
}
