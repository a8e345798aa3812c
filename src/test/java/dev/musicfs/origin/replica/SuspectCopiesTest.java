package dev.musicfs.origin.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import dev.musicfs.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspectCopiesTest {
    private static final Duration RECHECK = Duration.ofMinutes(5);

    private final ManualClock clock = new ManualClock();
    private final List<Record> events = new ArrayList<>();
    private final SuspectCopies suspects = new SuspectCopies(clock, (address, event) -> events.add(event), RECHECK, 2);

    @Test
    void oneThatWasNotAsExpectedIsGivenAnotherChanceAndIsReportedOnceMeanwhile() {
        suspects.addNotAsExpected(copy("a"), "missing");
        clock.advance(RECHECK.minusNanos(1));
        suspects.addNotAsExpected(copy("a"), "missing still");
        assertThat(suspects.isSuspect(copy("a"))).isTrue();
        assertThat(suspects.hasWrongBytes(copy("a"))).isFalse();
        assertThat(suspects.size()).isEqualTo(1);
        assertThat(events).containsExactly(new CopySuspected("nas", "a", "missing"));
        clock.advance(Duration.ofNanos(1));
        assertThat(suspects.isSuspect(copy("a"))).isFalse();
        clock.advance(Duration.ofMinutes(1));
        assertThat(suspects.size()).isZero();
        suspects.addNotAsExpected(copy("a"), "missing again");
        assertThat(events).hasSize(2);
    }

    @Test
    void oneWithWrongBytesIsSuspectForGoodWhateverElseIsFoundOfIt() {
        suspects.addNotAsExpected(copy("a"), "another length");
        suspects.addWrongBytes(copy("a"), "checksum");
        suspects.addNotAsExpected(copy("a"), "another length");
        clock.advance(Duration.ofDays(365));
        assertThat(suspects.isSuspect(copy("a"))).isTrue();
        assertThat(suspects.hasWrongBytes(copy("a"))).isTrue();
        assertThat(suspects.hasWrongBytes(copy("b"))).isFalse();
        assertThat(events).hasSize(1);
        suspects.forgive(copy("a"));
        assertThat(suspects.isSuspect(copy("a"))).isFalse();
        suspects.addWrongBytes(copy("a"), "checksum");
        assertThat(events).hasSize(2);
    }

    @Test
    void noMoreThanItsLimitAreRemembered() {
        for (int i = 0; i < 10; i++) {
            suspects.addWrongBytes(copy("f" + i), "checksum");
        }
        assertThat(suspects.size()).isEqualTo(2);
    }

    private static Copy copy(String path) {
        return Copy.whole(new OriginId("nas"), new RealPath(path), new FileVersion(10, 1, ""));
    }
}
