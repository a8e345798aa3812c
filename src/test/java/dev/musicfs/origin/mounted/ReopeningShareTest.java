package dev.musicfs.origin.mounted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.testkit.Deadlines;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReopeningShareTest {
    private static final RealPath PATH = new RealPath("a.flac");

    private final FailingShare behind = new FailingShare();
    private final ReopeningShare share = new ReopeningShare(behind);

    /** Fails so many times with one reason. */
    private static final class FailingShare implements Share {
        private int failures;
        private String reason = "";
        private int calls;
        private int unknownInListings;

        @Override
        public List<OriginEntry> listBlocking(RealPath directory, Runnable progress) {
            fail();
            return unknownInListings-- > 0
                    ? List.of(OriginEntry.unknown(PATH, MusicFsException.wrap("cannot look", new IOException(reason))))
                    : List.of();
        }

        @Override
        public OriginEntry statBlocking(RealPath path, Deadline deadline) {
            fail();
            return new OriginEntry(path, false, new FileVersion(0, 0, ""), 0);
        }

        @Override
        public byte[] readBlocking(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
            fail();
            return new byte[0];
        }

        @Override
        public void probeBlocking(Deadline deadline) {
            fail();
        }

        private void fail() {
            calls++;
            if (failures-- > 0) {
                throw MusicFsException.wrap("cannot read", new IOException(reason));
            }
        }
    }

    @Test
    void looksAgainAtAnEntryThatWasLostAndThenLeavesItUnknown() {
        behind.reason = "Stale file handle";
        behind.unknownInListings = 2;
        assertThat(share.listBlocking(RealPath.ROOT, () -> {})).isEmpty();

        behind.unknownInListings = 9;
        assertThat(share.listBlocking(RealPath.ROOT, () -> {})).hasSize(1);
        assertThat(behind.calls).isEqualTo(3 + 3);

        behind.reason = "Permission denied";
        assertThat(share.listBlocking(RealPath.ROOT, () -> {})).hasSize(1);
        assertThat(behind.calls).isEqualTo(3 + 3 + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Stale file handle", "Transport endpoint is not connected", "Input/output error", "Host is down"
            })
    void triesAgainWhatWasLost(String reason) {
        behind.reason = reason;
        behind.failures = 2;
        assertThat(share.listBlocking(RealPath.ROOT, () -> {})).isEmpty();
        behind.failures = 1;
        share.probeBlocking(Deadlines.generous());
        behind.failures = 1;
        share.readBlocking(PATH, new FileVersion(0, 0, ""), new ByteRange(0, 0), Deadlines.generous());
        behind.failures = 1;
        share.statBlocking(PATH, Deadlines.generous());

        assertThat(behind.calls).isEqualTo(3 + 2 + 2 + 2);
    }

    @Test
    void givesUpAfterThreeTriesAndCallsAStaleHandleNoChangeOfTheFile() {
        behind.reason = "Stale file handle";
        behind.failures = 100;

        assertThatThrownBy(() -> share.statBlocking(PATH, Deadlines.generous()))
                .satisfies(e -> assertThat(MusicFsException.kindOf(e)).isEqualTo(FailureKind.UNAVAILABLE));
        assertThat(behind.calls).isEqualTo(3);
    }

    @Test
    void triesOnlyOnceWhenItsTimeIsOverOrTheAnswerIsOne() {
        behind.reason = "Stale file handle";
        behind.failures = 1;
        assertThatThrownBy(() -> share.statBlocking(PATH, Deadline.in(Duration.ZERO)))
                .isInstanceOf(MusicFsException.class);
        behind.reason = "Permission denied";
        behind.failures = 1;
        assertThatThrownBy(() -> share.statBlocking(PATH, Deadlines.generous()))
                .satisfies(e -> assertThat(MusicFsException.kindOf(e)).isEqualTo(FailureKind.REJECTED));

        assertThat(behind.calls).isEqualTo(2);
    }
}
