package dev.musicfs.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.BufferPool;
import dev.musicfs.runtime.PooledBuffer;
import dev.musicfs.testkit.Deadlines;
import io.vertx.core.Future;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The promises of {@link Origin}; every backend's test extends this. */
public abstract class OriginContract {
    /** A started origin; the same one throughout a test. */
    protected abstract Origin origin();

    /** Puts a file there, with its directories; a second time replaces it by another version. */
    protected abstract void put(String path, byte[] content);

    protected abstract void remove(String path);

    /** Makes the whole origin vanish. */
    protected abstract void removeRoot();

    /** Whether the backend has names that are not UTF-8. */
    protected boolean hasNamesThatAreNotUtf8() {
        return false;
    }

    @Test
    void listsFilesAndDirectoriesOrderedByPath() {
        put("b/inner.flac", bytes("x"));
        put("c.flac", bytes("abc"));
        put("a.flac", bytes("ab"));
        put(".hidden", bytes(""));

        List<OriginEntry> found = await(origin().list(RealPath.ROOT));

        assertThat(found)
                .extracting(entry -> entry.path().value() + (entry.directory() ? "/" : ""))
                .containsExactly(".hidden", "a.flac", "b/", "c.flac");
        assertThat(found.get(3).version().sizeBytes()).isEqualTo(3);
    }

    @Test
    void describesAFileAlikeInListAndStat() {
        put("d/a.flac", bytes("abc"));

        assertThat(await(origin().list(new RealPath("d")))).containsExactly(entry("d/a.flac"));
        assertThat(entry("d").directory()).isTrue();
    }

    @Test
    void saysNotFoundOnlyOfWhatIsAbsent() {
        put("a.flac", bytes("abc"));
        RealPath absent = new RealPath("absent/x");

        assertThat(kindOf(origin().list(absent))).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(kindOf(origin().stat(absent, Deadlines.generous()))).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(kindOf(origin().stat(new RealPath("a.flac/x"), Deadlines.generous())))
                .isEqualTo(FailureKind.NOT_FOUND);
        assertThat(kindOf(origin().list(new RealPath("a.flac")))).isEqualTo(FailureKind.NOT_FOUND);
    }

    @Test
    void saysUnavailableWhenTheRootIsGone() {
        put("d/a.flac", bytes("abc"));
        FileVersion version = entry("d/a.flac").version();
        removeRoot();

        assertThat(kindOf(origin().list(RealPath.ROOT))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kindOf(origin().list(new RealPath("d")))).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kindOf(origin().stat(new RealPath("d/a.flac"), Deadlines.generous())))
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kindOf(origin().read(new RealPath("d/a.flac"), version, new ByteRange(0, 1), Deadlines.generous())))
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(kindOf(origin().probe(Deadlines.generous()))).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void readsRangesCutAtTheEnd() {
        put("a.flac", bytes("0123456789"));

        assertThat(read("a.flac", 2, 3)).isEqualTo("234");
        assertThat(read("a.flac", 8, 100)).isEqualTo("89");
        assertThat(read("a.flac", 10, 1)).isEmpty();
        assertThat(read("a.flac", 1L << 40, 1)).isEmpty();
        assertThat(read("a.flac", 3, 0)).isEmpty();
    }

    @Test
    void readsTheSameIntoMemoryOutsideTheHeap() {
        byte[] bytes = new byte[700_000];
        new Random(1).nextBytes(bytes);
        put("a.flac", bytes);
        BufferPool pool = new BufferPool(2 << 20);
        for (ByteRange range : List.of(
                new ByteRange(0, 700_000),
                new ByteRange(3, 262_144),
                new ByteRange(699_990, 1000),
                new ByteRange(700_000, 1),
                new ByteRange(5, 0))) {
            PooledBuffer into = pool.take((int) range.length());
            FileVersion version = entry("a.flac").version();
            int count = await(origin().readInto(new RealPath("a.flac"), version, range, Deadlines.generous(), into));
            ByteRange there = range.within(bytes.length);
            assertThat(count).as("%s", range).isEqualTo((int) there.length());
            assertThat(into.copy(0, count))
                    .isEqualTo(Arrays.copyOfRange(bytes, (int) there.offset(), (int) there.end()));
            into.release();
        }
        assertThat(pool.lentBytes()).isZero();
    }

    @Test
    void refusesToReadAnotherVersionIntoMemoryToo() {
        put("a.flac", bytes("0123456789"));
        FileVersion old = entry("a.flac").version();
        put("a.flac", bytes("0123456789abc"));
        PooledBuffer into = new BufferPool(10).take(3);

        assertThat(kindOf(origin().readInto(
                                new RealPath("a.flac"), old, new ByteRange(0, 3), Deadlines.generous(), into)))
                .isEqualTo(FailureKind.STALE);
        into.release();
    }

    @Test
    void refusesToReadAnotherVersion() {
        put("a.flac", bytes("0123456789"));
        FileVersion old = entry("a.flac").version();
        put("a.flac", bytes("0123456789abc"));

        assertThat(kindOf(origin().read(new RealPath("a.flac"), old, new ByteRange(0, 3), Deadlines.generous())))
                .isEqualTo(FailureKind.STALE);
    }

    @Test
    void readingWhatWasRemovedIsNotFound() {
        put("a.flac", bytes("0123456789"));
        FileVersion old = entry("a.flac").version();
        remove("a.flac");

        assertThat(kindOf(origin().read(new RealPath("a.flac"), old, new ByteRange(0, 3), Deadlines.generous())))
                .isEqualTo(FailureKind.NOT_FOUND);
    }

    @Test
    void keepsNamesByteForByte() {
        Charset charset = hasNamesThatAreNotUtf8() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        RealPath path = RealPath.ofBytes("Bj\u00f6rk/J\u00f3ga.flac".getBytes(charset));
        put(path.value(), bytes("abc"));
        put("\u6771\u4eac/\uD83C\uDFB5.flac", bytes("de"));

        assertThat(await(origin().list(RealPath.ROOT)))
                .extracting(OriginEntry::path)
                .containsExactlyInAnyOrder(path.parent(), new RealPath("\u6771\u4eac"));
        assertThat(await(origin().list(path.parent())))
                .extracting(OriginEntry::path)
                .containsExactly(path);
        assertThat(read(path.value(), 0, 3)).isEqualTo("abc");
        assertThat(read("\u6771\u4eac/\uD83C\uDFB5.flac", 0, 3)).isEqualTo("de");
    }

    @Test
    void answersAProbe() {
        assertThat(origin().probe(Deadlines.generous())).satisfies(OriginContract::await);
    }

    protected final OriginEntry entry(String path) {
        return await(origin().stat(new RealPath(path), Deadlines.generous()));
    }

    protected final String read(String path, long offset, long length) {
        return await(origin().read(
                                new RealPath(path),
                                entry(path).version(),
                                new ByteRange(offset, length),
                                Deadlines.generous()))
                .toString(StandardCharsets.ISO_8859_1);
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The kind with which the future fails. */
    protected static FailureKind kindOf(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
            throw new AssertionError("did not fail");
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(MusicFsException.class);
            return MusicFsException.kindOf(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    protected static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
