package dev.musicfs.origin.replica;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.guard.OriginSnapshot;
import dev.musicfs.runtime.Calls;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.SerialExecutor;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One read, until a copy has answered or none can. A round asks every copy once, each as soon as the one before has
 * failed; further rounds, after pauses, ask those whose failure may pass. Once in a read, a second copy is asked beside a
 * slow first one.
 *
 * <p>All state changes in the tasks of {@code serial}. There is one timer: it ends a pause, or says that the copy under
 * way is slow, or that the deadline has come, whichever is next.
 */
final class ReplicaRead<T> {
    private final ReplicaServices services;
    private final List<Copy> copies;
    private final ByteRange range;
    private final Deadline deadline;
    private final SerialExecutor serial = new SerialExecutor();
    private final Way<T> way;
    private final Promise<Answer<T>> outcome = Promise.promise();
    private final AttemptLog failures = new AttemptLog();
    /** Asked in this round. */
    private final Set<Copy> asked = new HashSet<>();
    /** Asked in any round. */
    private final Set<Copy> everAsked = new HashSet<>();
    /** Not to be asked again in this read. */
    private final Set<Copy> hopeless = new HashSet<>();

    private Optional<Copy> first = Optional.empty();
    private Runnable cancelTimer = () -> {};
    private int timersSet;
    private boolean done;
    private boolean hedged;
    private boolean lastResort;
    private int underWay;
    private int attempts;
    private int round;

    /** @param copies the leader first */
    ReplicaRead(ReplicaServices services, Way<T> way, List<Copy> copies, ByteRange range, Deadline deadline) {
        this.services = services;
        this.way = way;
        this.copies = copies;
        this.range = range;
        this.deadline = deadline;
    }

    /** How one copy is asked for bytes. */
    interface Way<T> {
        /** Asks it; what it gives is the caller's. */
        Future<T> ask(Origin origin, Copy copy, ByteRange range, Deadline deadline);

        /** How many bytes it gave. */
        int length(T bytes);

        /** Nobody wants them. */
        void drop(T bytes);
    }

    /** The bytes, and the copy that gave them. */
    record Answer<T>(T bytes, Copy from) {}

    /** What it gives is the receiver's. */
    Future<Answer<T>> start() {
        serial.execute(this::next);
        return outcome.future();
    }

    private void next() {
        List<Candidate> candidates = services.candidates().of(copies, range);
        Optional<Candidate> best = mayAsk() ? choose(candidates) : Optional.empty();
        if (best.isPresent()) {
            ask(best.get());
        } else if (underWay == 0) {
            pauseOrFail(candidates);
        }
    }

    private boolean mayAsk() {
        return attempts < services.options().maxAttempts();
    }

    private Optional<Candidate> choose(List<Candidate> candidates) {
        List<Candidate> left = candidates.stream()
                .filter(each -> !asked.contains(each.copy()) && !hopeless.contains(each.copy()))
                .toList();
        Optional<Candidate> usable =
                left.stream().filter(each -> each.snapshot().usable()).findFirst();
        if (usable.isPresent() || attempts > 0 || lastResort) {
            return usable;
        }
        // Its guard answers at once, unless it has come back just now.
        lastResort = true;
        return left.stream().min(Comparator.comparing(each -> each.snapshot().downSinceNanos()));
    }

    private void pauseOrFail(List<Candidate> candidates) {
        // Copies whose origins were known to be away from the beginning are not waited for.
        boolean hope = everAsked.stream().anyMatch(each -> !hopeless.contains(each));
        List<Duration> pauses = services.options().pauses();
        boolean more = hope && !lastResort && round < pauses.size() && mayAsk();
        if (!more || pauses.get(round).compareTo(deadline.remaining()) >= 0) {
            fail(failures.verdict(copies.get(0), candidates));
            return;
        }
        setTimer(pauses.get(round), () -> {
            round++;
            asked.clear();
            next();
        });
    }

    private void ask(Candidate candidate) {
        Copy copy = candidate.copy();
        attempts++;
        underWay++;
        asked.add(copy);
        everAsked.add(copy);
        services.metrics().attempts.increment();
        if (round > 0) {
            services.metrics().retries.increment();
        }
        if (first.isEmpty()) {
            first = Optional.of(copy);
        }
        Future<T> answer =
                Calls.safely(() -> way.ask(candidate.origin().origin(), copy, candidate.here(range), deadline));
        if (!answer.isComplete()) {
            Duration remaining = deadline.remaining();
            Duration slow = hedged ? remaining : hedgeDelay(candidate);
            setTimer(slow.compareTo(remaining) < 0 ? slow : remaining, this::slow);
        }
        answer.onComplete(result -> serial.execute(() -> answered(candidate, result)));
    }

    private Duration hedgeDelay(Candidate candidate) {
        Duration usual =
                candidate.snapshot().latency().multipliedBy(services.options().hedgeLatencies());
        Duration least = services.options().hedgeAfter();
        return usual.compareTo(least) > 0 ? usual : least;
    }

    private void slow() {
        if (deadline.expired()) {
            expire();
            return;
        }
        setTimer(deadline.remaining(), this::slow);
        if (hedged || underWay != 1 || !mayAsk()) {
            return;
        }
        choose(services.candidates().of(copies, range)).ifPresent(second -> {
            hedged = true;
            services.metrics().hedges.increment();
            ask(second);
        });
    }

    private void answered(Candidate candidate, AsyncResult<T> answer) {
        underWay--;
        Copy copy = candidate.copy();
        int length = answer.succeeded() ? way.length(answer.result()) : 0;
        if (answer.succeeded() && !done && length == range.length()) {
            succeed(copy, answer.result());
            return;
        }
        if (answer.succeeded()) {
            way.drop(answer.result());
        }
        if (done) {
            return;
        }
        failed(
                copy,
                answer.succeeded()
                        ? new MusicFsException(
                                FailureKind.CORRUPT,
                                "Origin " + copy.origin() + " gave " + length + " bytes instead of " + range.length()
                                        + " of " + copy.path() + ".")
                        : MusicFsException.wrap("A read failed", answer.cause()));
        if (deadline.expired()) {
            expire();
        } else {
            next();
        }
    }

    private void failed(Copy copy, MusicFsException failure) {
        failures.add(copy, failure);
        if (!failure.kind().retryable()) {
            hopeless.add(copy);
        }
        boolean notAsExpected =
                switch (failure.kind()) {
                    case NOT_FOUND, STALE, CORRUPT -> true;
                    case READ_ONLY, UNAVAILABLE, TIMEOUT, REJECTED, NO_SPACE, INVALID, INTERNAL -> false;
                };
        if (notAsExpected && copies.size() > 1) {
            services.suspects().addNotAsExpected(copy, String.valueOf(failure.getMessage()));
        }
    }

    private void succeed(Copy copy, T bytes) {
        end();
        Copy leader = copies.get(0);
        if (!first.equals(Optional.of(copy))) {
            services.metrics().failovers.increment();
        }
        if (copy.equals(leader)) {
            services.backups().returned(leader);
        } else {
            absent(leader).ifPresent(why -> services.backups().served(leader, copy, why));
        }
        outcome.complete(new Answer<>(bytes, copy));
    }

    /** Why the leader did not answer; empty if it was only slower or less preferred. */
    private Optional<String> absent(Copy leader) {
        Optional<String> failure = failures.of(leader).map(each -> String.valueOf(each.getMessage()));
        if (failure.isPresent()) {
            return failure;
        }
        Optional<ReplicaOrigin> origin = services.candidates().origin(leader.origin());
        if (origin.isEmpty()) {
            return Optional.of("its origin is not configured");
        }
        OriginSnapshot snapshot = origin.get().snapshot().get();
        if (!snapshot.usable()) {
            return Optional.of(snapshot.why());
        }
        return services.suspects().isSuspect(leader) ? Optional.of("it is not as it should be") : Optional.empty();
    }

    private void expire() {
        fail(new MusicFsException(
                FailureKind.TIMEOUT, "No copy of " + copies.get(0).path() + " answered in time" + failures + "."));
    }

    private void fail(MusicFsException failure) {
        end();
        services.metrics().failed.increment();
        outcome.fail(failure);
    }

    private void end() {
        done = true;
        cancelTimer.run();
    }

    /** In place of the timer that was set before; a task that was already due then does nothing. */
    private void setTimer(Duration delay, Runnable task) {
        cancelTimer.run();
        int mine = ++timersSet;
        cancelTimer = services.timers()
                .after(
                        delay,
                        () -> serial.execute(() -> {
                            if (!done && mine == timersSet) {
                                task.run();
                            }
                        }));
    }
}
