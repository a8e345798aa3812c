package dev.musicfs.chunk.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.disk.SpaceProbe;
import dev.musicfs.testkit.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SpaceLimitTest {
    private static final long SIZE = 1L << 30;
    private static final long MIB = 1 << 20;

    private final ManualClock clock = new ManualClock();
    private final Disk disk = new Disk();
    private final SpaceLimit limit = new SpaceLimit(SIZE, 10 * MIB, disk, clock);

    private static final class Disk implements SpaceProbe {
        long usable = 2 * SIZE;
        OptionalLong files = OptionalLong.empty();
        boolean fails;

        @Override
        public long usableBytes() throws IOException {
            if (fails) {
                throw new IOException("does not answer");
            }
            return usable;
        }

        @Override
        public OptionalLong freeFiles() {
            return files;
        }
    }

    @Test
    void isWhatIsUsedAndWhatTheDiskHasBeyondWhatIsLeftToOthers() {
        assertThat(limit.bytes()).isEqualTo(SIZE);
        disk.usable = 30 * MIB;
        limit.lookBlocking(5 * MIB, 10);
        assertThat(limit.bytes()).isEqualTo(25 * MIB);
        disk.usable = 2 * MIB;
        look(5 * MIB, 10);
        assertThat(limit.bytes()).isZero();
    }

    @Test
    void looksOnceASecondUnlessAsked() {
        limit.lookBlocking(0, 0);
        disk.usable = 11 * MIB;
        clock.advance(Duration.ofSeconds(1).minusNanos(1));
        limit.lookBlocking(0, 0);
        assertThat(limit.bytes()).isEqualTo(SIZE);
        clock.advance(Duration.ofNanos(1));
        limit.lookBlocking(0, 0);
        assertThat(limit.bytes()).isEqualTo(MIB);

        disk.usable = 12 * MIB;
        limit.lookAgain();
        limit.lookBlocking(0, 0);
        assertThat(limit.bytes()).isEqualTo(2 * MIB);
    }

    @Test
    void otherBoundsHoldAtOnceWhereTheyAreLower() {
        limit.change(100 * MIB, 0);
        assertThat(limit.bytes()).isEqualTo(100 * MIB);
        limit.change(200 * MIB, 0);
        assertThat(limit.bytes()).isEqualTo(100 * MIB);
        limit.lookBlocking(0, 0);
        assertThat(limit.bytes()).isEqualTo(200 * MIB);
    }

    @Test
    void aDiskThatDoesNotAnswerChangesNothing() {
        disk.usable = 20 * MIB;
        limit.lookBlocking(0, 0);
        disk.fails = true;
        look(0, 0);
        assertThat(limit.bytes()).isEqualTo(10 * MIB);
    }

    @Test
    void scarceFilesCountAsWhatChunksHaveOnAverage() {
        disk.files = OptionalLong.of(SpaceLimit.SPARE_FILES + 10);
        limit.lookBlocking(0, 0);
        assertThat(limit.bytes()).isEqualTo(10 * (512 << 10)); // nothing is there to take a mean of
        look(100 * MIB, 50);
        assertThat(limit.bytes()).isEqualTo(60 * 2 * MIB);
        disk.files = OptionalLong.of(SpaceLimit.SPARE_FILES - 60);
        look(100 * MIB, 50);
        assertThat(limit.bytes()).isZero();
        look(100 * MIB, 0); // how many they are is not known yet
        assertThat(limit.bytes()).isEqualTo(SIZE);
    }

    @Test
    void filesAreScarceOnceNoMoreThanAQuarterOfTheChunksAndAFewHundredAreLeft() {
        disk.files = OptionalLong.of(SpaceLimit.SPARE_FILES + 256 + 100);
        limit.lookBlocking(400 * MIB, 400);
        assertThat(limit.bytes()).isEqualTo((400 + 356) * MIB);
        disk.files = OptionalLong.of(SpaceLimit.SPARE_FILES + 256 + 101);
        look(400 * MIB, 400);
        assertThat(limit.bytes()).isEqualTo(SIZE);
    }

    @Test
    void partsOfItArePercent() {
        limit.change(1_000, 0);
        assertThat(limit.part(88)).isEqualTo(880);
        assertThat(limit.isFilled(899, 90)).isFalse();
        assertThat(limit.isFilled(900, 90)).isTrue();
    }

    private void look(long usedBytes, long chunks) {
        clock.advance(Duration.ofSeconds(1));
        limit.lookBlocking(usedBytes, chunks);
    }
}
