package dev.musicfs.content.fetch;

import dev.musicfs.content.plan.BlockAddresses;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.ChunkId;
import dev.musicfs.origin.Copy;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.PooledBuffer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A block of which something is in memory or on its way. One whose address is known is fetched whole and shown only
 * after its bytes were found to have that address. Confined to the loop.
 */
final class Block implements Piece.Owner, IdleBlocks.Held {
    private final FileContext file;
    private final Owner owner;
    private final BlockAddresses known;
    private final int number;
    private final ByteRange range;
    /** The address its bytes must have, null when it is not known. */
    private final @Nullable ChunkId expected;

    private final List<Piece> pieces;
    private boolean trusted;
    private boolean checking;
    private boolean storing;
    private boolean storable = true;
    private boolean gone;
    /** Whether the rest is to be fetched although no reader waits for it. */
    private boolean behind;
    /** Whether nobody has asked for it yet. */
    private boolean ahead;

    private final WrongBytes wrong = new WrongBytes();

    /** @param pieceBytes the most that one call is to ask for */
    Block(FileContext file, Owner owner, BlockAddresses known, int number, int pieceBytes) {
        this.file = file;
        this.owner = owner;
        this.known = known;
        this.number = number;
        this.range = known.plan().range(number);
        this.expected = known.expected(number);
        this.trusted = expected == null;
        Piece[] cut = new Piece[(int) ((range.length() + pieceBytes - 1) / pieceBytes)];
        for (int i = 0; i < cut.length; i++) {
            long from = (long) i * pieceBytes;
            cut[i] = new Piece(
                    file, this, new ByteRange(range.offset() + from, Math.min(pieceBytes, range.length() - from)));
        }
        this.pieces = List.of(cut);
    }

    /** The file it is a block of. */
    interface Owner {
        /** Whether nobody has the file open. */
        boolean closed();

        /** Bytes came. */
        void healthy();

        /** Bytes could not be had: for a while only what readers wait for is asked for. */
        void troubled();

        /** There may be something to fetch that no reader waits for. */
        void hungry();

        /** Nothing is fetched ahead of any reader until it goes onward again. */
        void stopReadingAhead();

        /** Counts calls to the origin that have not been answered. */
        void inFlight(int more);

        /** Nothing of a block is in memory any more. */
        void forget(int number, Block block);
    }

    @Override
    public boolean trusted() {
        return trusted;
    }

    @Override
    public boolean checked() {
        return expected != null;
    }

    /** What is in memory and may be shown. */
    Stream<Piece> shown() {
        return trusted ? pieces.stream().filter(Piece::here) : Stream.empty();
    }

    /** A reader wants the bytes between two offsets of the file, which lie in this block. */
    void want(PendingRead read, long from, long to) {
        ahead = false;
        storable = true;
        behind = file.pipeline().writer().open();
        for (Piece piece : pieces) {
            long start = Math.max(from, piece.range().offset());
            long end = Math.min(to, piece.range().end());
            if (start < end && !gone) {
                piece.want(read.part((int) (start - piece.range().offset()), (int) (end - start)));
            }
        }
        settle();
    }

    /** All of it is to be fetched ahead of a reader. */
    void wantAhead() {
        ahead = true;
        behind = true;
    }

    /** Waits for memory for a piece that somebody waits for, and for all of them when they have to be checked first. */
    @Override
    public void demand(Piece wanted) {
        List<Piece> group = trusted ? List.of(wanted) : absent();
        Deadline until = deadlineOf(wanted);
        if (until == null) {
            throw new IllegalStateException("nobody waits for " + wanted.range());
        }
        Budget.Claim claim =
                new Budget.Claim(file.share(), bytesOf(group), () -> group.forEach(piece -> piece.fetch(until)));
        group.forEach(piece -> piece.awaitMemory(claim, until));
        if (!file.pipeline().budget().claim(claim)) {
            failed(wanted, new MusicFsException(FailureKind.UNAVAILABLE, "Too many reads wait for memory already."));
        }
        group.forEach(Piece::armIfWaiting);
    }

    boolean wantsMore() {
        return behind && pieces.stream().anyMatch(Piece::absent);
    }

    /** Fetches the next piece that no reader waits for, if there is memory that nobody waits for. */
    boolean fetchBehind() {
        List<Piece> group = trusted ? absent().subList(0, 1) : absent();
        if (!file.pipeline().budget().take(file.share(), bytesOf(group), ahead, this)) {
            if (ahead) {
                behind = false;
                settle();
            }
            return false;
        }
        Deadline until = file.pipeline().patience();
        group.forEach(piece -> piece.fetch(until));
        return true;
    }

    /** Nothing more is fetched of it unless somebody asks. */
    void stopBehind() {
        behind = false;
        settle();
    }

    @Override
    public void arrived(Piece piece) {
        owner.healthy();
        if (trusted) {
            piece.answer();
        } else if (complete()) {
            check();
        }
        settle();
        owner.hungry();
    }

    /** Without one of its pieces a block that has to be checked cannot be shown at all. */
    @Override
    public void failed(Piece piece, Throwable why) {
        behind = false;
        if (MusicFsException.kindOf(why) == FailureKind.STALE) {
            file.listener().changedAtOrigin();
        }
        if (trusted) {
            piece.fail(why);
            settle();
        } else {
            failAll(why);
        }
        owner.troubled();
    }

    /** Drops everything and fails all waiting reads. */
    void failAll(Throwable why) {
        gone = true;
        pieces.forEach(piece -> piece.fail(why));
        leave();
    }

    private void leave() {
        gone = true;
        pieces.forEach(Piece::clear);
        file.pipeline().idle().remove(this);
        owner.forget(number, this);
    }

    private void check() {
        checking = true;
        file.pipeline().hash(bytes(), this::checked);
    }

    private void checked(@Nullable ChunkId found) {
        checking = false;
        if (gone) {
            return;
        }
        if (found == null) {
            failAll(new MusicFsException(FailureKind.INTERNAL, this + " could not be checked."));
        } else if (found.equals(expected)) {
            trusted = true;
            givers().forEach(file.copies()::proved);
            pieces.forEach(Piece::answer);
            settle();
        } else {
            mismatched(found);
        }
    }

    /** Puts the copies under suspicion that gave a part of it, so that others are asked next. */
    private void mismatched(ChunkId found) {
        Set<Copy> givers = givers();
        String why = "The bytes of " + this + " are not those that were there before.";
        givers.forEach(copy -> file.copies().suspect(copy, why));
        switch (wrong.came(found, givers, file.copies().leader(), file.copies().count())) {
            case ASK_AGAIN -> {
                Deadline latest = latest();
                Deadline until = latest == null ? file.pipeline().patience() : latest;
                pieces.forEach(piece -> piece.fetchAgain(until));
            }
            case FILE_CHANGED -> file.listener().contradicted();
            case NOBODY_IS_RIGHT ->
                failAll(new MusicFsException(FailureKind.CORRUPT, "No copy gives the right bytes of " + this + "."));
        }
    }

    private Set<Copy> givers() {
        return pieces.stream().flatMap(Piece::giver).collect(Collectors.toSet());
    }

    private void settle() {
        if (gone || checking || storing) {
            return;
        }
        boolean complete = complete();
        if (complete && trusted) {
            behind = false;
            if (store()) {
                return;
            }
        }
        boolean anyHere = pieces.stream().anyMatch(Piece::here);
        if (resting() && (owner.closed() || !anyHere)) {
            leave();
        } else if (trusted && anyHere) {
            file.pipeline().idle().touch(this);
            file.pipeline().budget().reclaimable();
        }
    }

    private boolean store() {
        if (!storable || known.stored(number) != null) {
            return false;
        }
        storable = false;
        storing = file.pipeline()
                .writer()
                .offer(bytes(), (int) range.length(), known.plan().evictionClass(number), this::stored);
        if (storing) {
            file.pipeline().idle().remove(this);
        }
        return storing;
    }

    private void stored(@Nullable ChunkId chunk) {
        storing = false;
        if (gone) {
            return;
        }
        if (chunk != null) {
            file.listener().stored(number, chunk);
            leave();
        } else {
            settle();
        }
    }

    @Override
    public long shed() {
        List<Piece> idle = pieces.stream().filter(Piece::here).toList();
        idle.forEach(Piece::clear);
        behind = false;
        file.pipeline().idle().remove(this);
        owner.stopReadingAhead();
        settle();
        return bytesOf(idle);
    }

    @Override
    public boolean resting() {
        return !wantsMore() && pieces.stream().allMatch(piece -> piece.here() || piece.absent());
    }

    /** How long somebody waits for a piece; for the whole block when it has to be checked. */
    @Override
    public @Nullable Deadline deadlineOf(Piece piece) {
        return trusted ? piece.deadline() : latest();
    }

    @Override
    public void inFlight(int more) {
        owner.inFlight(more);
    }

    private @Nullable Deadline latest() {
        Deadline latest = null;
        for (Piece piece : pieces) {
            Deadline each = piece.deadline();
            if (each != null && (latest == null || each.remaining().compareTo(latest.remaining()) > 0)) {
                latest = each;
            }
        }
        return latest;
    }

    private boolean complete() {
        return pieces.stream().allMatch(Piece::here);
    }

    private List<Piece> absent() {
        return pieces.stream().filter(Piece::absent).toList();
    }

    private List<PooledBuffer> bytes() {
        return pieces.stream().map(Piece::bytes).toList();
    }

    private static long bytesOf(List<Piece> some) {
        return some.stream().mapToLong(Piece::length).sum();
    }

    @Override
    public String toString() {
        return "block " + number + " of " + file.name();
    }
}
