package dev.musicfs.origin.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ValidatorsTest {
    @Test
    void aTimeOutsideOfWhatNanosecondsSayIsTheNearestAndNoCondition() {
        Validators late = Validators.of("", "Fri, 31 Dec 9999 23:59:59 GMT");
        Validators early = Validators.of("", "Sat, 01 Jan 1600 00:00:00 GMT");

        assertThat(late.version(1).mtimeNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(early.version(1).mtimeNanos()).isEqualTo(Long.MIN_VALUE);
        assertThat(late.conditions()).isEmpty();
        assertThat(early.conditions()).isEmpty();
        assertThat(late.contradict(Validators.of("", "Fri, 31 Dec 9999 23:59:59 GMT")))
                .isFalse();
        assertThat(late.contradict(Validators.of("", "Tue, 01 Dec 2026 10:00:00 GMT")))
                .isTrue();
    }

    @Test
    void anOrdinaryTimeIsACondition() {
        assertThat(Validators.of("", "Tue, 01 Dec 2026 10:00:00 GMT").conditions())
                .isEqualTo(Map.of("If-Unmodified-Since", "Tue, 01 Dec 2026 10:00:00 GMT"));
    }
}
