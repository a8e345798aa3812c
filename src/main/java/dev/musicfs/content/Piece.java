package dev.musicfs.content;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stretch of a block that is fetched with one call, once however many want it. Confined to the loop. */
final class Piece {
    static final int MAX_BYTES = 256 << 10;

    private final Block block;
    private final ByteRange range;
    private final List<PendingRead.Part> parts = new ArrayList<>();
    private State state = State.ABSENT;
    private byte @Nullable [] bytes;
    private Budget.@Nullable Claim claim;
    private @Nullable Deadline deadline;
    private Runnable stopTimer = () -> {};
    /** Tells an answer that is waited for from one that is not any more. */
    private int flight;

    private boolean repeated;

    Piece(Block block, ByteRange range) {
        this.block = block;
        this.range = range;
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

    byte[] bytes() {
        byte[] present = bytes;
        if (present == null) {
            throw new IllegalStateException("no bytes of " + range);
        }
        return present;
    }

    @Nullable
    Deadline deadline() {
        return deadline;
    }

    /** Answers the part now if its bytes may be shown, else when they may. */
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
            block.file().pipeline().counters().coalesced.increment();
        }
    }

    /** Answers everybody; the bytes are here and may be shown. */
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
        arm();
    }

    /** Asks the origin; the memory is there. */
    void fetch(Deadline until) {
        extend(until);
        claim = null;
        repeated = false;
        state = State.IN_FLIGHT;
        block.file().inFlight(1);
        arm();
        ask();
    }

    /** What came was wrong and is asked for once more, in the same memory. */
    void fetchAgain(Deadline until) {
        bytes = null;
        block.file().pipeline().budget().again(block.file().share(), length());
        fetch(until);
    }

    private void ask() {
        int number = ++flight;
        SharedFile file = block.file();
        Deadline mine = deadline;
        Deadline until = mine == null ? file.pipeline().patience() : mine;
        file.origin().read(file.path(), file.version(), range, until).onComplete(answer -> {
            // Copied on the origin's thread.
            byte @Nullable [] got = whole(answer) ? answer.result().getBytes() : null;
            file.pipeline().loop().execute(() -> landed(number, answer, got));
        });
    }

    private boolean whole(AsyncResult<Buffer> answer) {
        return answer.succeeded() && answer.result().length() == length();
    }

    private void landed(int number, AsyncResult<Buffer> answer, byte @Nullable [] got) {
        SharedFile file = block.file();
        if (answer.succeeded()) {
            file.pipeline().counters().fetchedBytes.add(answer.result().length());
        }
        if (number != flight || state != State.IN_FLIGHT) {
            return;
        }
        Deadline until = deadline;
        if (answer.succeeded() && got == null && !repeated && until != null && !until.expired()) {
            repeated = true;
            ask();
            return;
        }
        if (got == null) {
            block.failed(this, answer.failed() ? answer.cause() : wrongLength(answer.result()));
            return;
        }
        stopTimer.run();
        state = State.HERE;
        bytes = got;
        file.inFlight(-1);
        file.pipeline().budget().landed(file.share(), length());
        block.arrived(this);
    }

    private MusicFsException wrongLength(Buffer answer) {
        return new MusicFsException(
                FailureKind.CORRUPT,
                block.file() + " gave " + answer.length() + " bytes where " + range.length() + " were asked for.");
    }

    /** Gives up what is here, on its way or waited for; readers are told if there are any. */
    void fail(Throwable why) {
        List<PendingRead.Part> told = List.copyOf(parts);
        parts.clear();
        clear();
        told.forEach(part -> part.fail(why));
    }

    /** As {@link #fail}, without readers; gives the memory back. */
    void clear() {
        Budget budget = block.file().pipeline().budget();
        State before = state;
        state = State.ABSENT;
        Budget.Claim waitedFor = claim;
        claim = null;
        bytes = null;
        deadline = null;
        stopTimer.run();
        stopTimer = () -> {};
        if (before == State.WAITING && waitedFor != null) {
            budget.cancel(waitedFor);
        }
        if (before == State.IN_FLIGHT) {
            flight++;
            block.file().inFlight(-1);
            budget.landed(block.file().share(), length());
        }
        if (before == State.IN_FLIGHT || before == State.HERE) {
            budget.release(length());
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
            stopTimer = block.file().pipeline().loop().after(until.remaining(), this::timeUp);
        }
    }

    private void timeUp() {
        Deadline until = block.deadlineOf(this);
        if (until != null && !until.expired()) {
            arm();
        } else if (state == State.WAITING || state == State.IN_FLIGHT) {
            block.failed(
                    this, new MusicFsException(FailureKind.TIMEOUT, block.file() + " did not give its bytes in time."));
        }
    }
}
