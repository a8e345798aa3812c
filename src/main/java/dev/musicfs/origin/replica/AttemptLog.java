package dev.musicfs.origin.replica;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.Copy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The attempts of one read that failed, in the order in which they did. Not for more than one thread at a time. */
final class AttemptLog {
    private final List<Attempt> attempts = new ArrayList<>();

    private record Attempt(Copy copy, MusicFsException failure) {}

    void add(Copy copy, MusicFsException failure) {
        attempts.add(new Attempt(copy, failure));
    }

    /** The copy's last failure. */
    Optional<MusicFsException> of(Copy copy) {
        return attempts.stream()
                .filter(attempt -> attempt.copy.equals(copy))
                .map(Attempt::failure)
                .reduce((earlier, later) -> later);
    }

    /**
     * What the read fails with when no copy is left. A failure that may pass outweighs a copy that is not there: what is
     * unknown is not absent.
     */
    MusicFsException verdict(Copy leader, List<Candidate> candidates) {
        Optional<MusicFsException> own = of(leader);
        if (own.isPresent() && own.get().kind() == FailureKind.STALE) {
            return own.get();
        }
        Optional<MusicFsException> passing = own.filter(
                        failure -> failure.kind().retryable())
                .or(() -> attempts.stream()
                        .map(Attempt::failure)
                        .filter(failure -> failure.kind().retryable())
                        .findFirst());
        if (passing.isPresent()) {
            return withAttempts(passing.get());
        }
        Optional<Candidate> away =
                candidates.stream().filter(each -> of(each.copy()).isEmpty()).findFirst();
        if (away.isPresent() || attempts.isEmpty()) {
            return new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    "No origin has " + leader.path() + " at present"
                            + away.map(each -> ", " + each.copy().origin() + " is away: "
                                            + each.snapshot().why())
                                    .orElse("")
                            + this + ".");
        }
        return own.orElseGet(() -> attempts.get(0).failure);
    }

    private MusicFsException withAttempts(MusicFsException failure) {
        return attempts.size() == 1
                ? failure
                : new MusicFsException(failure.kind(), failure.getMessage() + this, failure);
    }

    /** In brackets; empty when nothing was attempted. */
    @Override
    public String toString() {
        if (attempts.isEmpty()) {
            return "";
        }
        List<String> parts = attempts.stream()
                .map(attempt -> attempt.copy.origin() + " " + attempt.failure.kind())
                .toList();
        return " (asked: " + String.join(", ", parts) + ")";
    }
}
