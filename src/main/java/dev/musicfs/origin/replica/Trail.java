package dev.musicfs.origin.replica;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.replica.Candidates.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the copies failed with in one read, in the order in which they were asked. */
final class Trail {
    private final List<Step> steps = new ArrayList<>();

    private record Step(Copy copy, MusicFsException failure) {}

    void add(Copy copy, MusicFsException failure) {
        steps.add(new Step(copy, failure));
    }

    /** The copy's last failure. */
    Optional<MusicFsException> of(Copy copy) {
        return steps.stream()
                .filter(step -> step.copy.equals(copy))
                .map(Step::failure)
                .reduce((earlier, later) -> later);
    }

    /**
     * What the read fails with when no copy is left. That something may be had later outweighs that a copy is not there:
     * what is unknown is not absent.
     */
    MusicFsException verdict(Copy authority, List<Candidate> candidates) {
        Optional<MusicFsException> own = of(authority);
        if (own.isPresent() && own.get().kind() == FailureKind.STALE) {
            return own.get();
        }
        Optional<MusicFsException> passing = own.filter(
                        failure -> failure.kind().retryable())
                .or(() -> steps.stream()
                        .map(Step::failure)
                        .filter(failure -> failure.kind().retryable())
                        .findFirst());
        if (passing.isPresent()) {
            return told(passing.get());
        }
        Optional<Candidate> away =
                candidates.stream().filter(each -> of(each.copy()).isEmpty()).findFirst();
        if (away.isPresent() || steps.isEmpty()) {
            return new MusicFsException(
                    FailureKind.UNAVAILABLE,
                    "No origin has " + authority.path() + " at present"
                            + away.map(each -> ", " + each.copy().origin() + " is away: "
                                            + each.standing().why())
                                    .orElse("")
                            + this + ".");
        }
        return own.orElseGet(() -> steps.get(0).failure);
    }

    private MusicFsException told(MusicFsException failure) {
        return steps.size() == 1 ? failure : new MusicFsException(failure.kind(), failure.getMessage() + this, failure);
    }

    /** In brackets, empty when nobody was asked. */
    @Override
    public String toString() {
        if (steps.isEmpty()) {
            return "";
        }
        List<String> parts = steps.stream()
                .map(step -> step.copy.origin() + " " + step.failure.kind())
                .toList();
        return " (asked: " + String.join(", ", parts) + ")";
    }
}
