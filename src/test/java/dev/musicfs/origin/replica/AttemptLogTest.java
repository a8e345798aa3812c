package dev.musicfs.origin.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.guard.BreakerState;
import dev.musicfs.origin.guard.OriginSnapshot;
import dev.musicfs.testkit.MemoryOrigin;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a read fails with, after its attempts. */
class AttemptLogTest {
    private static final Copy LEADER = copy("nas");
    private static final Copy BACKUP = copy("cloud");

    private final AttemptLog log = new AttemptLog();

    @Test
    void anotherVersionOfTheLeaderOutweighsAllElse() {
        log.add(BACKUP, new MusicFsException(FailureKind.TIMEOUT, "slow"));
        MusicFsException stale = new MusicFsException(FailureKind.STALE, "replaced");
        log.add(LEADER, stale);
        assertThat(verdict()).isSameAs(stale);
    }

    @Test
    void theLeadersLastFailureThatMayPassComesBeforeThoseOfOthers() {
        log.add(BACKUP, new MusicFsException(FailureKind.TIMEOUT, "slow"));
        log.add(LEADER, new MusicFsException(FailureKind.NOT_FOUND, "earlier"));
        MusicFsException last = new MusicFsException(FailureKind.CORRUPT, "cut short");
        log.add(LEADER, last);
        assertThat(verdict().kind()).isEqualTo(FailureKind.CORRUPT);
        assertThat(verdict())
                .hasMessage("cut short (asked: cloud TIMEOUT, nas NOT_FOUND, nas CORRUPT)")
                .hasCause(last);
    }

    @Test
    void oneThatMayPassOutweighsTheLeadersAbsence() {
        log.add(LEADER, new MusicFsException(FailureKind.NOT_FOUND, "gone"));
        log.add(BACKUP, new MusicFsException(FailureKind.TIMEOUT, "slow"));
        assertThat(verdict()).hasMessage("slow (asked: nas NOT_FOUND, cloud TIMEOUT)");
        assertThat(verdict().kind()).isEqualTo(FailureKind.TIMEOUT);
    }

    @Test
    void theOnlyAttemptsFailureIsToldAsItIs() {
        MusicFsException only = new MusicFsException(FailureKind.TIMEOUT, "slow");
        log.add(BACKUP, only);
        assertThat(verdict()).isSameAs(only);
    }

    @Test
    void aCopyThatCouldNotBeAskedLeavesItOpenWhetherTheFileIsThere() {
        log.add(LEADER, new MusicFsException(FailureKind.NOT_FOUND, "gone"));
        MusicFsException verdict = log.verdict(LEADER, List.of(candidate(LEADER), candidate(BACKUP)));
        assertThat(verdict.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(verdict)
                .hasMessage("No origin has a.flac at present, cloud is away: switched off (asked: nas NOT_FOUND).");
        assertThat(new AttemptLog().verdict(LEADER, List.of()))
                .hasMessage("No origin has a.flac at present.")
                .extracting(MusicFsException::kind)
                .isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void whenAllWereAskedAndNothingMayPassTheLeadersFailureIsTold() {
        MusicFsException other = new MusicFsException(FailureKind.NOT_FOUND, "not here either");
        log.add(BACKUP, other);
        assertThat(verdict()).isSameAs(other);
        MusicFsException own = new MusicFsException(FailureKind.REJECTED, "forbidden");
        log.add(LEADER, own);
        assertThat(verdict()).isSameAs(own);
    }

    private MusicFsException verdict() {
        return log.verdict(LEADER, List.of(candidate(BACKUP)));
    }

    private static Candidate candidate(Copy copy) {
        OriginSnapshot snapshot =
                new OriginSnapshot(copy.origin(), true, true, BreakerState.OPEN, 0, Duration.ZERO, "switched off");
        ReplicaOrigin origin = new ReplicaOrigin(new MemoryOrigin(copy.origin().value()), () -> snapshot, 1);
        return new Candidate(copy, origin, snapshot, false, 0);
    }

    private static Copy copy(String origin) {
        return Copy.whole(new OriginId(origin), new RealPath("a.flac"), new FileVersion(10, 1, ""));
    }
}
