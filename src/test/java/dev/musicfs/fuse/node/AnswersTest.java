package dev.musicfs.fuse.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswersTest {
    @Test
    void everyKindHasItsErrorNumber() {
        Map<FailureKind, Integer> expected = new EnumMap<>(FailureKind.class);
        expected.put(FailureKind.NOT_FOUND, 2);
        expected.put(FailureKind.READ_ONLY, 30);
        expected.put(FailureKind.STALE, 116);
        expected.put(FailureKind.UNAVAILABLE, 5);
        expected.put(FailureKind.TIMEOUT, 110);
        expected.put(FailureKind.REJECTED, 5);
        expected.put(FailureKind.CORRUPT, 5);
        expected.put(FailureKind.NO_SPACE, 28);
        expected.put(FailureKind.INVALID, 22);
        expected.put(FailureKind.INTERNAL, 5);
        Map<FailureKind, Integer> actual = new EnumMap<>(FailureKind.class);
        for (FailureKind kind : FailureKind.values()) {
            actual.put(kind, Answers.of(kind).number());
        }
        assertThat(actual).isEqualTo(expected);
    }
}
