package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TrialsTest {
    @Test
    void everyTryIsMadeWithOtherValuesAndBoundsAreAmongThem() {
        List<Long> numbers = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        Trials.check(1000, draw -> {
            numbers.add(draw.number(5, 1L << 40));
            sizes.add(draw.list(7, draw::flag).size());
            assertThat(draw.text(3, 9).length()).isBetween(3, 9);
            assertThat(draw.of("a", "b")).isIn("a", "b");
        });
        assertThat(numbers).hasSize(1000).contains(5L, 6L, 1L << 40);
        assertThat(numbers).allSatisfy(number -> assertThat(number).isBetween(5L, 1L << 40));
        assertThat(numbers.stream().distinct().count()).isGreaterThan(800);
        assertThat(sizes).contains(0, 1, 2, 3, 4, 5, 6, 7).doesNotContain(8);
    }

    @Test
    void aTryThatFailsSaysItsSeedWhichRepeatsIt() {
        List<Integer> drawn = new ArrayList<>();
        Trials.Property property = draw -> {
            drawn.add(draw.number(0, 1_000_000));
            if (drawn.get(drawn.size() - 1) % 10 == 3) {
                throw new IOException("no");
            }
        };
        Throwable failure = catchThrowable(() -> Trials.check(1000, null, new Random(1), property));
        assertThat(failure).isInstanceOf(AssertionError.class).hasCauseInstanceOf(IOException.class);
        Matcher seed = Pattern.compile("-Dmusicfs\\.trials\\.seed=(-?[0-9]+)").matcher(failure.getMessage());
        assertThat(seed.find()).as(failure.getMessage()).isTrue();
        int failed = drawn.get(drawn.size() - 1);
        assertThat(failure)
                .hasMessageContaining("try " + drawn.size() + " of 1000")
                .hasMessageContaining("[" + failed + "]");

        drawn.clear();
        Throwable repeated =
                catchThrowable(() -> Trials.check(1000, Long.valueOf(seed.group(1)), new Random(2), property));
        assertThat(repeated).hasCauseInstanceOf(IOException.class);
        assertThat(drawn).containsExactly(failed);
    }

    @Test
    void aPropertyThatHoldsForOneTryIsTriedOnlyOnceWhenItsSeedIsGiven() {
        List<String> drawn = new ArrayList<>();
        Trials.check(1000, 42L, new Random(), draw -> drawn.add(draw.text(10, 10)));
        Trials.check(1000, 42L, new Random(), draw -> drawn.add(draw.text(10, 10)));
        assertThat(drawn).hasSize(2);
        assertThat(drawn.get(0)).isEqualTo(drawn.get(1)).hasSize(10);
    }
}
