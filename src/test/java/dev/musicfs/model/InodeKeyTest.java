package dev.musicfs.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Resilience;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class InodeKeyTest {
    @Test
    @Resilience("R.9")
    void aNumberThatIsGivenOutAgainIsAnotherKeyWhereBirthsAreTold() {
        Set<Long> keys = new HashSet<>();
        for (long inode = 1; inode <= 100; inode++) {
            for (long birth = 0; birth < 100; birth++) {
                keys.add(InodeKey.of(inode, OptionalLong.of(birth * 4_000_000)));
            }
        }
        assertThat(keys).hasSize(10_000).allMatch(InodeKey::isUnique);
    }

    @Test
    @Resilience("R.9")
    void aNumberAloneIsItselfAndSaysNothingForGood() {
        assertThat(InodeKey.of(12, OptionalLong.empty())).isEqualTo(12);
        assertThat(InodeKey.isUnique(InodeKey.of(12, OptionalLong.empty()))).isFalse();
        assertThat(InodeKey.isUnique(InodeKey.of(-1, OptionalLong.empty()))).isFalse();
        assertThat(InodeKey.of(Long.MIN_VALUE, OptionalLong.empty())).isPositive();
    }
}
