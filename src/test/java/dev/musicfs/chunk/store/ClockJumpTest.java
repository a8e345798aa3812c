package dev.musicfs.chunk.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.chunk.EvictionClass;
import dev.musicfs.testkit.Resilience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store has written down of times of the wall clock, when that is set to another time. */
class ClockJumpTest {
    private static final Duration TEN_YEARS = Duration.ofDays(3652);
    private static final long SIZE = 100L * TestingStore.FILE_BYTES;

    @TempDir
    Path directory;

    private TestingStore kit;

    @BeforeEach
    void start() {
        kit = new TestingStore(directory, SIZE, SIZE / 5);
        kit.start();
        kit.store.tickBlocking();
    }

    @Test
    @Resilience("5.6")
    void putBackByTenYearsWhatWasUsedSinceOutlivesWhatWasUsedBefore() {
        kit.put(0, 60, EvictionClass.AUDIO);
        kit.clock.jump(TEN_YEARS.negated());
        kit.put(60, 91, EvictionClass.AUDIO);
        kit.store.tickBlocking();
        assertThat(gone(91)).containsExactly(0, 1, 2);
    }

    @Test
    @Resilience("5.6")
    void putBackByTenYearsWhatIsUsedAgainIsAmongTheLastUsed() {
        kit.put(0, 80, EvictionClass.AUDIO);
        kit.clock.jump(TEN_YEARS.negated());
        IntStream.range(0, 10).forEach(kit::read);
        kit.put(80, 92, EvictionClass.AUDIO);
        kit.store.tickBlocking();
        assertThat(gone(92)).containsExactly(10, 11, 12, 13);
    }

    @Test
    @Resilience("5.6")
    void thatIsSoAfterARestartInBetweenToo() {
        kit.onMapDb().start();
        kit.store.tickBlocking();
        kit.put(0, 80, EvictionClass.AUDIO);
        kit.store.closeBlocking();
        kit.clock.jump(TEN_YEARS.negated());
        kit.start();
        IntStream.range(0, 10).forEach(kit::read);
        kit.closeAndStart();
        kit.put(80, 92, EvictionClass.AUDIO);
        kit.store.tickBlocking();
        assertThat(gone(92)).containsExactly(10, 11, 12, 13);
        kit.store.closeBlocking();
    }

    @Test
    @Resilience("5.6")
    void aClockThatWasAheadForAWhileKeepsNothingForGood() {
        kit.put(0, 80, EvictionClass.AUDIO);
        kit.clock.jump(TEN_YEARS);
        IntStream.range(20, 30).forEach(kit::read);
        kit.store.tickBlocking();
        kit.clock.advance(Duration.ofMinutes(2));
        kit.store.tickBlocking();
        kit.clock.jump(TEN_YEARS.negated());
        kit.put(80, 95, EvictionClass.AUDIO);
        kit.store.tickBlocking();
        assertThat(gone(95)).containsExactly(20, 21, 22, 23, 24, 25, 26);
    }

    @Test
    @Resilience("5.6")
    void aClockThatIsCorrectedByAnHourKeepsTheOrderOfWhatItAlreadyHad() {
        kit.put(0, 90, EvictionClass.AUDIO);
        kit.read(0);
        kit.clock.jump(Duration.ofHours(-1));
        kit.store.tickBlocking();
        assertThat(gone(90)).containsExactly(1, 2);
    }

    @Test
    @Resilience("5.6")
    void nothingIsEvictedBecauseOfAJumpAlone() {
        kit.put(0, 60, EvictionClass.AUDIO);
        for (Duration jump : List.of(TEN_YEARS, TEN_YEARS.multipliedBy(-2), TEN_YEARS)) {
            kit.clock.jump(jump);
            kit.store.tickBlocking();
        }
        assertThat(gone(60)).isEmpty();
    }

    @Test
    @Resilience("5.6")
    void aJumpScrubsAPartAtMostAndTheRoundGoesOnInItsTime() {
        kit.put(0, 80, EvictionClass.AUDIO);
        for (Duration jump : List.of(TEN_YEARS, TEN_YEARS.multipliedBy(-2), TEN_YEARS)) {
            kit.files.verified.set(0);
            kit.clock.jump(jump);
            kit.store.tickBlocking();
            kit.store.tickBlocking();
            // A part is one of 256; eight of 80 are as good as never in it.
            assertThat(kit.files.verified).hasValueLessThan(8);
        }

        kit.files.verified.set(0);
        for (int part = 0; part < 257; part++) {
            kit.clock.advance(kit.config.scrubInterval().dividedBy(256));
            kit.store.tickBlocking();
        }
        assertThat(kit.files.verified.get()).as("in one interval").isBetween(80, 88);
    }

    private List<Integer> gone(int to) {
        return IntStream.range(0, to).filter(number -> !kit.has(number)).boxed().toList();
    }
}
