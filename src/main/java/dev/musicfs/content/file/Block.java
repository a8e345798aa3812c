package dev.musicfs.content.file;

import dev.musicfs.content.fetch.PendingRead;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.ChunkId;
import dev.musicfs.origin.Copy;
import dev.musicfs.runtime.Deadline;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A block of which something is in memory or on its way. One whose address is known is fetched whole and shown only
 * after its bytes have proved to have that address. Confined to the loop.
 */
final class Block {
    private final SharedFile file;
    private final int number;
    private final ByteRange range;
    private final @Nullable ChunkId expected;
    private final List<Piece> pieces;
    private boolean trusted;
    private boolean checking;
    private boolean storing;
    private boolean storable = true;
    private boolean gone;
    /** Whether the rest is to follow behind the readers' backs. */
    private boolean behind;
    /** Whether nobody has asked for it yet. */
    private boolean ahead;

    private final Map<ChunkId, Set<Copy>> mismatches = new HashMap<>();

    /**
     * @param expected the address its bytes must have, null when it is not known
     * @param pieceBytes the most that one call is to ask for
     */
    Block(SharedFile file, int number, @Nullable ChunkId expected, int pieceBytes) {
        this.file = file;
        this.number = number;
        this.range = file.plan().range(number);
        this.expected = expected;
        this.trusted = expected == null;
        Piece[] cut = new Piece[(int) ((range.length() + pieceBytes - 1) / pieceBytes)];
        for (int i = 0; i < cut.length; i++) {
            long from = (long) i * pieceBytes;
            cut[i] = new Piece(this, new ByteRange(range.offset() + from, Math.min(pieceBytes, range.length() - from)));
        }
        this.pieces = List.of(cut);
    }

    SharedFile file() {
        return file;
    }

    boolean trusted() {
        return trusted;
    }

    /** Whether its bytes are compared with an address before anybody sees them. */
    boolean checked() {
        return expected != null;
    }

    /** What is in memory and may be shown. */
    Stream<Piece> shown() {
        return trusted ? pieces.stream().filter(Piece::here) : Stream.empty();
    }

    /** Wants the bytes between two offsets of the file, which lie in this block. */
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

    /** Wants all of it, without a reader. */
    void wantAhead() {
        ahead = true;
        behind = true;
    }

    /** Waits for memory for a piece that somebody waits for, and for all of them when they have to be checked first. */
    void demand(Piece wanted) {
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
    }

    boolean wantsMore() {
        return behind && pieces.stream().anyMatch(Piece::absent);
    }

    /** Fetches the next piece behind the readers' backs if there is memory nobody waits for. */
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

    void arrived(Piece piece) {
        file.healthy();
        if (trusted) {
            piece.answer();
        } else if (complete()) {
            check();
        }
        settle();
        file.hungry();
    }

    /** A piece did not come. When the block has to be checked, the others are of no use without it. */
    void failed(Piece piece, Throwable why) {
        behind = false;
        if (MusicFsException.kindOf(why) == FailureKind.STALE) {
            file.changedAtOrigin();
        }
        if (trusted) {
            piece.fail(why);
            settle();
        } else {
            failAll(why);
        }
        file.troubled();
    }

    /** Gives everything up and tells whoever waits. */
    void failAll(Throwable why) {
        gone = true;
        pieces.forEach(piece -> piece.fail(why));
        leave();
    }

    private void leave() {
        gone = true;
        pieces.forEach(Piece::clear);
        file.pipeline().idle().remove(this);
        file.forget(number, this);
    }

    private void check() {
        checking = true;
        byte[][] bytes = bytes();
        file.pipeline().hash(bytes, this::checked);
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

    /**
     * Whoever gave a part of it is blamed, and so others are asked next. When the same wrong bytes come again, the file has
     * changed and its version has not, if the file itself gave them or two copies agree in them.
     */
    private void mismatched(ChunkId found) {
        Set<Copy> givers = givers();
        String why = "The bytes of " + this + " are not those that were there before.";
        givers.forEach(copy -> file.copies().blame(copy, why));
        Set<Copy> before = mismatches.put(found, givers);
        if (before == null && mismatches.size() <= file.copies().count()) {
            Deadline until = latest();
            pieces.forEach(
                    piece -> piece.fetchAgain(until == null ? file.pipeline().patience() : until));
            return;
        }
        Set<Copy> agreeing = new HashSet<>(givers);
        if (before != null) {
            agreeing.addAll(before);
        }
        if (before != null
                && (agreeing.size() > 1 || agreeing.contains(file.copies().leader()))) {
            file.discredit();
        } else {
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
        if (resting() && (file.closed() || !anyHere)) {
            leave();
        } else if (trusted && anyHere) {
            file.pipeline().idle().touch(this);
            file.pipeline().budget().reclaimable();
        }
    }

    private boolean store() {
        if (!storable || file.addresses().stored(number) != null) {
            return false;
        }
        storable = false;
        storing = file.pipeline()
                .writer()
                .offer(bytes(), (int) range.length(), file.plan().tier(number), this::stored);
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
            file.stored(number, chunk);
            leave();
        } else {
            settle();
        }
    }

    /** Gives up what is in memory and nobody waits for; how much that was. */
    long shed() {
        List<Piece> idle = pieces.stream().filter(Piece::here).toList();
        idle.forEach(Piece::clear);
        behind = false;
        file.pipeline().idle().remove(this);
        file.stopReadingAhead();
        settle();
        return bytesOf(idle);
    }

    /** Whether nothing of it is on its way and nothing will be unless somebody asks. */
    boolean resting() {
        return !wantsMore() && pieces.stream().allMatch(piece -> piece.here() || piece.absent());
    }

    /** How long somebody waits for a piece; for the whole block when it has to be checked. */
    @Nullable
    Deadline deadlineOf(Piece piece) {
        return trusted ? piece.deadline() : latest();
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

    private byte[][] bytes() {
        return pieces.stream().map(Piece::bytes).toArray(byte[][]::new);
    }

    private static long bytesOf(List<Piece> some) {
        return some.stream().mapToLong(Piece::length).sum();
    }

    @Override
    public String toString() {
        return "block " + number + " of " + file;
    }
}
