package dev.musicfs.content.fetch;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.origin.Copy;
import dev.musicfs.origin.FetchedBuffer;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.PooledBuffer;
import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A part of a block that is fetched by one call, however many readers want it. Confined to the loop. */
final class Piece {
    private final FileContext file;
    private final Owner block;
    private final ByteRange range;
    private final List<PendingRead.Part> parts = new ArrayList<>();
    private State state = State.ABSENT;
    private @Nullable PooledBuffer bytes;
    private Budget.@Nullable Claim claim;
    private @Nullable Deadline deadline;
    private Runnable stopTimer = () -> {};
    /** The number of the call that is waited for; an answer to an earlier one is dropped. */
    private int flight;

    private long askedNanos;
    /** Whether the origin is being asked at this moment; what other threads see of it does not matter. */
    private volatile boolean asking;

    private int wrongAnswers;
    private @Nullable Copy from;

    Piece(FileContext file, Owner block, ByteRange range) {
        this.file = file;
        this.block = block;
        this.range = range;
    }

    /** The block it is a part of. */
    interface Owner {
        /** Whether bytes of the block may be shown as soon as they are here. */
        boolean trusted();

        /** Whether its bytes are compared with an address before anybody sees them. */
        boolean checked();

        /** Gets memory for a piece that a reader has begun to wait for. */
        void demand(Piece piece);

        /** The bytes of a piece are here. */
        void arrived(Piece piece);

        /** A piece could not be had. */
        void failed(Piece piece, Throwable why);

        /** How long somebody waits for a piece; null when nobody does. */
        @Nullable
        Deadline deadlineOf(Piece piece);

        /** Counts calls to the origin that have not been answered. */
        void inFlight(int more);
    }

    private enum State {
        ABSENT,
        /** Waits for memory. */
        WAITING,
        /** The origin has been asked. */
        IN_FLIGHT,
        HERE
    }

    ByteRange range() {
        return range;
    }

    int length() {
        return (int) range.length();
    }

    boolean absent() {
        return state == State.ABSENT;
    }

    boolean here() {
        return state == State.HERE;
    }

    boolean awaited() {
        return !parts.isEmpty();
    }

    /** Its bytes, for as long as it is here; who keeps them longer retains them. */
    PooledBuffer bytes() {
        PooledBuffer present = bytes;
        if (present == null) {
            throw new IllegalStateException("no bytes of " + range);
        }
        return present;
    }

    /** The copy that gave its bytes; none before they are here. */
    Stream<Copy> giver() {
        return Stream.ofNullable(from);
    }

    @Nullable
    Deadline deadline() {
        return deadline;
    }

    /** Answers the part as soon as the bytes are here and may be shown. */
    void want(PendingRead.Part part) {
        if (here() && block.trusted()) {
            part.answer(bytes());
            return;
        }
        parts.add(part);
        extend(part.read().deadline());
        if (absent()) {
            block.demand(this);
        } else {
            file.pipeline().counters().coalesced.increment();
        }
    }

    /** Answers everybody who waits; the bytes are here and may be shown. */
    void answer() {
        List<PendingRead.Part> waiting = List.copyOf(parts);
        parts.clear();
        waiting.forEach(part -> part.answer(bytes()));
    }

    /** Waits for memory until the claim is granted. */
    void awaitMemory(Budget.Claim memory, Deadline until) {
        state = State.WAITING;
        claim = memory;
        extend(until);
    }

    /** Its claim has been made: if it was not granted at once, gives it up when the deadline passes. */
    void armIfWaiting() {
        if (state == State.WAITING) {
            arm();
        }
    }

    /** Asks the origin; the memory is there. */
    void fetch(Deadline until) {
        extend(until);
        claim = null;
        wrongAnswers = 0;
        state = State.IN_FLIGHT;
        block.inFlight(1);
        arm();
        ask();
    }

    /** The bytes were wrong: asks again, with the same memory. */
    void fetchAgain(Deadline until) {
        drop();
        file.pipeline().budget().again(file.share(), length());
        fetch(until);
    }

    private void ask() {
        int number = ++flight;
        askedNanos = file.pipeline().parts().clock().monotonicNanos();
        Deadline mine = deadline;
        Deadline until = mine == null ? file.pipeline().patience() : mine;
        asking = true;
        file.copies().fetch(range, until, block.checked()).onComplete(answer -> {
            Loop loop = file.pipeline().loop();
            // Not inside the call that asks: its caller is in the middle of something.
            (asking ? loop : (Executor) loop::enter).execute(() -> landed(number, until, answer));
        });
        asking = false;
    }

    private void landed(int number, Deadline asked, AsyncResult<FetchedBuffer> answer) {
        try {
            if (answer.succeeded()) {
                file.pipeline()
                        .counters()
                        .fetchedBytes
                        .add(answer.result().bytes().length());
            }
            if (number == flight && state == State.IN_FLIGHT) {
                use(asked, answer);
            }
        } finally {
            if (answer.succeeded()) {
                answer.result().bytes().release();
            }
        }
    }

    /** What comes stays here only if it is retained. */
    private void use(Deadline asked, AsyncResult<FetchedBuffer> answer) {
        Deadline until = deadline;
        if (answer.failed()) {
            // A reader who came later may have more time than those for whom the origin was asked.
            if (asked.expired() && until != null && !until.expired()) {
                ask();
            } else {
                block.failed(this, answer.cause());
            }
            return;
        }
        Copy giver = answer.result().from();
        boolean whole = answer.result().bytes().length() == length();
        boolean mixable =
                block.checked() ? file.copies().usable(giver) : file.copies().trusted(giver);
        if (!whole || !mixable) {
            MusicFsException why = wrong(answer.result());
            if (!whole) {
                file.copies().suspect(giver, "It gave another number of bytes than it was asked for.");
            }
            // A suspect copy is asked after all others.
            if (++wrongAnswers <= file.copies().count() && until != null && !until.expired()) {
                ask();
            } else {
                block.failed(this, why);
            }
            return;
        }
        stopTimer.run();
        state = State.HERE;
        bytes = answer.result().bytes().retain();
        from = giver;
        long nanos = file.pipeline().parts().clock().monotonicNanos() - askedNanos;
        file.share().fetchSize().answered(length(), Duration.ofNanos(nanos));
        block.inFlight(-1);
        file.pipeline().budget().landed(file.share(), length());
        block.arrived(this);
    }

    private MusicFsException wrong(FetchedBuffer answer) {
        return new MusicFsException(
                FailureKind.CORRUPT,
                "A copy of " + file.name() + " on " + answer.from().origin() + " gave "
                        + answer.bytes().length() + " bytes, which cannot be used, where " + range.length()
                        + " were asked for.");
    }

    /** Drops what is here or on its way, and fails its readers. */
    void fail(Throwable why) {
        List<PendingRead.Part> told = List.copyOf(parts);
        parts.clear();
        clear();
        told.forEach(part -> part.fail(why));
    }

    /** Drops what is here or on its way, and gives its memory back. */
    void clear() {
        Budget budget = file.pipeline().budget();
        State before = state;
        state = State.ABSENT;
        Budget.Claim waitedFor = claim;
        claim = null;
        drop();
        from = null;
        deadline = null;
        stopTimer.run();
        stopTimer = () -> {};
        if (before == State.WAITING && waitedFor != null) {
            budget.cancel(waitedFor);
        }
        if (before == State.IN_FLIGHT) {
            flight++;
            block.inFlight(-1);
            budget.landed(file.share(), length());
        }
        if (before == State.IN_FLIGHT || before == State.HERE) {
            budget.release(length());
        }
    }

    private void drop() {
        PooledBuffer old = bytes;
        bytes = null;
        if (old != null) {
            old.release();
        }
    }

    private void extend(Deadline by) {
        Deadline now = deadline;
        deadline = now == null || by.remaining().compareTo(now.remaining()) > 0 ? by : now;
    }

    private void arm() {
        stopTimer.run();
        Deadline until = block.deadlineOf(this);
        if (until != null) {
            stopTimer = file.pipeline().loop().after(until.remaining(), this::timeUp);
        }
    }

    private void timeUp() {
        Deadline until = block.deadlineOf(this);
        if (until != null && !until.expired()) {
            arm();
        } else if (state == State.WAITING || state == State.IN_FLIGHT) {
            block.failed(
                    this, new MusicFsException(FailureKind.TIMEOUT, file.name() + " did not give its bytes in time."));
        }
    }
}
