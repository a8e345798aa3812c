package dev.musicfs.origin.replica;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.Fetched;
import dev.musicfs.origin.guard.Standing;
import dev.musicfs.origin.replica.Candidates.Candidate;
import dev.musicfs.runtime.Calls;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.SerialExecutor;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One read, until a copy has answered or none can. A round asks every copy once, each as soon as the one before has
 * failed; further rounds, after pauses, ask those whose failure may pass. A second copy is asked beside a slow first one,
 * once. Everything that changes does so in {@link SerialExecutor}.
 */
final class ReplicaRead {
    private final Replicas replicas;
    private final List<Copy> copies;
    private final ByteRange range;
    private final Deadline deadline;
    private final SerialExecutor turns = new SerialExecutor();
    private final Promise<Fetched> outcome = Promise.promise();
    private final Trail trail = new Trail();
    /** Asked in this round. */
    private final Set<Copy> asked = new HashSet<>();
    /** Asked in any round. */
    private final Set<Copy> everAsked = new HashSet<>();
    /** Not to be asked again in this read. */
    private final Set<Copy> hopeless = new HashSet<>();

    private final List<Runnable> timers = new ArrayList<>();
    private Optional<Copy> first = Optional.empty();
    private boolean done;
    private boolean hedged;
    private boolean lastResort;
    private boolean pausing;
    private int underWay;
    private int attempts;
    private int round;

    ReplicaRead(Replicas replicas, List<Copy> copies, ByteRange range, Deadline deadline) {
        this.replicas = replicas;
        this.copies = copies;
        this.range = range;
        this.deadline = deadline;
    }

    Future<Fetched> start() {
        turns.execute(() -> {
            after(deadline.remaining(), this::expire);
            next();
        });
        return outcome.future();
    }

    private void next() {
        if (done || pausing) {
            return;
        }
        List<Candidate> candidates = Candidates.of(replicas, copies, range);
        Optional<Candidate> best = attempts < replicas.options().maxAttempts() ? choose(candidates) : Optional.empty();
        if (best.isPresent()) {
            ask(best.get());
        } else if (underWay == 0) {
            pauseOrFail(candidates);
        }
    }

    private Optional<Candidate> choose(List<Candidate> candidates) {
        List<Candidate> left = candidates.stream()
                .filter(each -> !asked.contains(each.copy()) && !hopeless.contains(each.copy()))
                .toList();
        Optional<Candidate> usable =
                left.stream().filter(each -> each.standing().usable()).findFirst();
        if (usable.isPresent() || attempts > 0 || lastResort) {
            return usable;
        }
        // Its guard answers at once, unless it has come back just now.
        lastResort = true;
        return left.stream().min(Comparator.comparing(each -> each.standing().downSinceNanos()));
    }

    private void pauseOrFail(List<Candidate> candidates) {
        // Those that were known to be away before are not waited for.
        boolean hope = everAsked.stream().anyMatch(each -> !hopeless.contains(each));
        List<Duration> pauses = replicas.options().pauses();
        boolean more = hope
                && !lastResort
                && round < pauses.size()
                && attempts < replicas.options().maxAttempts();
        if (!more || pauses.get(round).compareTo(deadline.remaining()) >= 0) {
            fail(trail.verdict(copies.get(0), candidates));
            return;
        }
        pausing = true;
        after(pauses.get(round), () -> {
            pausing = false;
            round++;
            asked.clear();
            next();
        });
    }

    private void ask(Candidate candidate) {
        attempts++;
        underWay++;
        asked.add(candidate.copy());
        everAsked.add(candidate.copy());
        replicas.attempts.incrementAndGet();
        if (round > 0) {
            replicas.retries.incrementAndGet();
        }
        if (first.isEmpty()) {
            first = Optional.of(candidate.copy());
        }
        Copy copy = candidate.copy();
        Future<Buffer> answer = Calls.safely(
                () -> candidate.member().origin().read(copy.path(), copy.version(), candidate.here(range), deadline));
        if (!answer.isComplete() && !hedged) {
            Runnable answered = after(hedgeDelay(candidate), this::hedge);
            answer.onComplete(any -> answered.run());
        }
        answer.onComplete(result -> turns.execute(() -> answered(candidate, result)));
    }

    private Duration hedgeDelay(Candidate candidate) {
        Duration usual =
                candidate.standing().latency().multipliedBy(replicas.options().hedgeLatencies());
        Duration least = replicas.options().hedgeAfter();
        return usual.compareTo(least) > 0 ? usual : least;
    }

    private void hedge() {
        // A timer that went off just before its request was answered may find another one under way, which is as slow.
        if (done || hedged || underWay != 1 || attempts >= replicas.options().maxAttempts()) {
            return;
        }
        choose(Candidates.of(replicas, copies, range)).ifPresent(second -> {
            hedged = true;
            replicas.hedges.incrementAndGet();
            ask(second);
        });
    }

    private void answered(Candidate candidate, AsyncResult<Buffer> answer) {
        underWay--;
        if (done) {
            return;
        }
        if (answer.succeeded() && answer.result().length() == range.length()) {
            succeed(candidate.copy(), answer.result());
            return;
        }
        MusicFsException failure = answer.succeeded()
                ? new MusicFsException(
                        FailureKind.CORRUPT,
                        "Origin " + candidate.copy().origin() + " gave "
                                + answer.result().length() + " bytes instead of " + range.length() + " of "
                                + candidate.copy().path() + ".")
                : MusicFsException.wrap("A read failed", answer.cause());
        failed(candidate.copy(), failure);
        next();
    }

    private void failed(Copy copy, MusicFsException failure) {
        trail.add(copy, failure);
        if (!failure.kind().retryable()) {
            hopeless.add(copy);
        }
        boolean notAsExpected =
                switch (failure.kind()) {
                    case NOT_FOUND, STALE, CORRUPT -> true;
                    case READ_ONLY, UNAVAILABLE, TIMEOUT, REJECTED, NO_SPACE, INVALID, INTERNAL -> false;
                };
        if (notAsExpected && copies.size() > 1) {
            replicas.blames().notAsExpected(copy, String.valueOf(failure.getMessage()));
        }
    }

    private void succeed(Copy copy, Buffer bytes) {
        end();
        Copy authority = copies.get(0);
        if (!first.equals(Optional.of(copy))) {
            replicas.failovers.incrementAndGet();
        }
        if (copy.equals(authority)) {
            replicas.backups().returned(authority);
        } else {
            absent(authority).ifPresent(why -> replicas.backups().served(authority, copy, why));
        }
        outcome.complete(new Fetched(bytes, copy));
    }

    /** Why the authority did not answer; empty if it was only slower or less preferred. */
    private Optional<String> absent(Copy authority) {
        Optional<String> failure = trail.of(authority).map(each -> String.valueOf(each.getMessage()));
        if (failure.isPresent()) {
            return failure;
        }
        Member member = replicas.members().get(authority.origin());
        if (member == null) {
            return Optional.of("its origin is not configured");
        }
        Standing standing = member.standing().get();
        if (!standing.usable()) {
            return Optional.of(standing.why());
        }
        return replicas.blames().unfit(authority) ? Optional.of("it is not as it should be") : Optional.empty();
    }

    private void expire() {
        if (!done) {
            fail(new MusicFsException(
                    FailureKind.TIMEOUT, "No copy of " + copies.get(0).path() + " answered in time" + trail + "."));
        }
    }

    private void fail(MusicFsException failure) {
        end();
        replicas.failed.incrementAndGet();
        outcome.fail(failure);
    }

    private void end() {
        done = true;
        timers.forEach(Runnable::run);
        timers.clear();
    }

    private Runnable after(Duration delay, Runnable task) {
        Runnable cancel = replicas.services().timers().after(delay, () -> turns.execute(task));
        timers.add(cancel);
        return cancel;
    }
}
