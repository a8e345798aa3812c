package dev.musicfs.formats;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The bytes of one version of a file known so far, at most 4 MiB. For one thread at a time. */
public final class FetchedRanges {
    static final int MAX_BYTES = 4 << 20;
    static final int MAX_NEEDS = 64;

    private final long sizeBytes;

    /** By offset; they do not overlap and none is empty. */
    private final NavigableMap<Long, byte[]> pieces = new TreeMap<>();

    private long knownBytes;
    private int needs;
    private @Nullable ByteRange lastNeed;

    /** The piece last read from: parsers read forwards. */
    private byte[] recent = {};

    private long recentOffset;

    /** Nothing is known yet of a file of {@code sizeBytes}. */
    public FetchedRanges(long sizeBytes) {
        if (sizeBytes < 0) {
            throw new MusicFsException(FailureKind.INVALID, "a file of " + sizeBytes + " bytes");
        }
        this.sizeBytes = sizeBytes;
    }

    /**
     * Adds what was read at {@code offset}. Copies the remaining bytes and leaves the buffer's position as it is; what is
     * known already is not kept twice.
     *
     * @throws MusicFsException {@code INVALID} when they do not lie inside the file or more than 4 MiB would be known
     */
    public void add(long offset, ByteBuffer bytes) {
        if (offset < 0 || offset > sizeBytes - bytes.remaining()) {
            throw new MusicFsException(
                    FailureKind.INVALID,
                    bytes.remaining() + " bytes at " + offset + " do not lie in a file of " + sizeBytes);
        }
        long end = offset + bytes.remaining();
        for (long at = firstUnknown(offset, end); at < end; at = firstUnknown(at, end)) {
            int length = (int) (firstKnown(at, end) - at);
            if (length > room()) {
                throw new MusicFsException(FailureKind.INVALID, "more than " + MAX_BYTES + " bytes of one file");
            }
            byte[] piece = new byte[length];
            bytes.duplicate().position(bytes.position() + (int) (at - offset)).get(piece);
            pieces.put(at, piece);
            knownBytes += length;
        }
    }

    /** The size of the whole file, known or not. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Whether every byte is known. */
    public boolean isWhole() {
        return knownBytes == sizeBytes;
    }

    /** How many bytes more may become known. */
    long room() {
        return MAX_BYTES - knownBytes;
    }

    /** The first unknown byte in {@code [from, end)}; {@code end} when all are known. */
    long firstUnknown(long from, long end) {
        long at = from;
        while (at < end) {
            if (!isRecent(at) && !find(at)) {
                return at;
            }
            at = recentOffset + recent.length;
        }
        return end;
    }

    /** The first known byte in {@code [from, end)}, where {@code from} is unknown; {@code end} when none is. */
    long firstKnown(long from, long end) {
        Long next = pieces.ceilingKey(from);
        return next == null ? end : Math.min(next, end);
    }

    /** A byte that must be known. */
    int at(long offset) {
        if (!isRecent(offset) && !find(offset)) {
            throw new IllegalStateException("byte " + offset + " is not known");
        }
        return recent[(int) (offset - recentOffset)] & 0xFF;
    }

    /** Copies what is known from {@code offset} on, which must be, to {@code to} from {@code index} on; how much that was. */
    int copy(long offset, byte[] to, int index) {
        at(offset);
        int from = (int) (offset - recentOffset);
        int length = Math.min(recent.length - from, to.length - index);
        System.arraycopy(recent, from, to, index, length);
        return length;
    }

    /** Counts the distinct ranges asked for; false when there were too many, or this one finds no room any more. */
    boolean mayNeed(ByteRange range) {
        if (!range.equals(lastNeed)) {
            lastNeed = range;
            needs++;
        }
        return needs <= MAX_NEEDS && range.length() <= room();
    }

    private boolean isRecent(long offset) {
        return offset >= recentOffset && offset - recentOffset < recent.length;
    }

    private boolean find(long offset) {
        Map.Entry<Long, byte[]> piece = pieces.floorEntry(offset);
        if (piece == null || offset - piece.getKey() >= piece.getValue().length) {
            return false;
        }
        recentOffset = piece.getKey();
        recent = piece.getValue();
        return true;
    }
}
