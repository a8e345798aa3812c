package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import dev.musicfs.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files are read once more. */
class RacyTimestampsTest {
    private static final long NOW = Duration.ofDays(20_000).toNanos();
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final RacyTimestamps racy = new RacyTimestamps(new ManualClock());

    /** By how old the file's time was in nanoseconds, on a file system that counts them and on one that does not. */
    @ParameterizedTest
    @CsvSource({"19999999, true", "20000000, false", "20000001, false", "1999999999, false", "1, true", "-1, true"})
    void aTimeThatAnotherChangeCouldHaveLeftIsRacy(long age, boolean expected) {
        long mtime = NOW + 5;
        racy.read(row(1, "d/1.flac", mtime), mtime + age);
        assertThat(racy.has(1)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1999999999, true", "2000000000, false", "2000000001, false"})
    void aTimeInWholeSecondsIsRacyForLonger(long age, boolean expected) {
        racy.read(row(1, "d/1.flac", NOW), NOW + age);
        assertThat(racy.has(1)).isEqualTo(expected);
    }

    @Test
    void oneWithATagAndACoverAreNot() {
        racy.read(row(1, "d/1.flac", new FileVersion(10, NOW, "\"etag\""), FileKind.AUDIO), NOW);
        racy.read(row(2, "d/cover.jpg", new FileVersion(10, NOW, ""), FileKind.COVER), NOW);
        assertThat(racy.has(1)).isFalse();
        assertThat(racy.has(2)).isFalse();
        assertThat(racy.folders()).isEmpty();
    }

    @Test
    void oneThatWasReadLongAfterItsTimeIsDoneWith() {
        racy.read(row(1, "b/1.flac", NOW), NOW + 10 * MILLI);
        racy.read(row(2, "a/2.flac", NOW), NOW + 10 * MILLI);
        assertThat(racy.folders()).containsExactly(new RealPath("a"), new RealPath("b"));
        racy.readAgain(row(1, "b/1.flac", NOW), NOW + 20 * MILLI);
        assertThat(racy.has(1)).as("still young").isTrue();
        racy.readAgain(row(1, "b/1.flac", NOW), NOW + 2_000 * MILLI);
        assertThat(racy.has(1)).isFalse();
        assertThat(racy.has(2)).isTrue();
    }

    @Test
    void oneFromTheFutureIsReadOnceMoreOnly() {
        racy.read(row(1, "d/1.flac", NOW + 1), NOW);
        assertThat(racy.has(1)).isTrue();
        racy.readAgain(row(1, "d/1.flac", NOW + 1), NOW);
        assertThat(racy.has(1)).isFalse();
        racy.readAgain(row(1, "d/1.flac", NOW + 1), NOW + 1);
        assertThat(racy.has(1)).as("its time has come").isTrue();
    }

    @Test
    void noMoreThanSoManyAreRemembered() {
        for (int i = 1; i <= RacyTimestamps.MOST + 1; i++) {
            racy.read(row(i, "d/" + i + ".flac", NOW), NOW);
        }
        assertThat(racy.has(RacyTimestamps.MOST)).isTrue();
        assertThat(racy.has(RacyTimestamps.MOST + 1)).isFalse();
    }

    private static FileRow row(long id, String path, long mtimeNanos) {
        return row(id, path, new FileVersion(10, mtimeNanos, ""), FileKind.AUDIO);
    }

    private static FileRow row(long id, String path, FileVersion version, FileKind kind) {
        return new FileRow(
                id, new OriginId("nas"), new RealPath(path), kind, version, 0, TrackTags.unknown("flac"), true);
    }
}
