package dev.musicfs.formats;

import dev.musicfs.model.ByteRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A file as parsers of layouts see it. Every question about bytes that are not known yet stops the parser, which is begun
 * again when they are; so what a parser finds depends on the file alone and not on how much of it happens to be known.
 */
final class LayoutBytes {
    static final int HEAD_BYTES = 64 << 10;

    /** The last block of a file's audio is as long, so a tail fetched for its layout is of use afterwards. */
    static final int TAIL_BYTES = 16 << 10;

    /** The longest piece that is asked for at once where much is wanted. */
    private static final int MAX_PIECE_BYTES = 256 << 10;

    private final FetchedRanges known;
    private int fetchBytes = 16 << 10;

    LayoutBytes(FetchedRanges known) {
        this.known = known;
    }

    /** How many bytes are asked for at a time outside head and tail. */
    void setFetchBytes(int bytes) {
        fetchBytes = bytes;
    }

    long size() {
        return known.sizeBytes();
    }

    /** Asks for the beginning of the file in one piece. */
    void requireHead() throws ParsingStopped {
        require(0, (int) Math.min(HEAD_BYTES, size()));
    }

    /** Asks for the end of the file in one piece. */
    void requireTail() throws ParsingStopped {
        int length = (int) Math.min(TAIL_BYTES, size());
        require(size() - length, length);
    }

    private void require(long offset, int length) throws ParsingStopped {
        if (offset < 0 || offset > size() - length) {
            throw ParsingStopped.malformed("the file ends early");
        }
        long end = offset + length;
        long from = known.firstUnknown(offset, end);
        if (from < end) {
            long to = Math.min(size(), Math.max(end, from + fetchBytes));
            throw ParsingStopped.missing(new ByteRange(from, known.firstKnown(from, to) - from));
        }
    }

    /** Asks for all of it, in as few pieces as a request may hold. */
    void requireAll(long offset, long length) throws ParsingStopped {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw ParsingStopped.malformed("the file ends early");
        }
        long end = offset + length;
        long from = known.firstUnknown(offset, end);
        if (from < end) {
            long to = Math.min(from + MAX_PIECE_BYTES, Math.min(size(), Math.max(end, from + fetchBytes)));
            throw ParsingStopped.missing(new ByteRange(from, known.firstKnown(from, to) - from));
        }
    }

    /** Bytes that are copied; asks for all of them. */
    byte[] bytes(long at, int length) throws ParsingStopped {
        requireAll(at, length);
        byte[] copy = new byte[length];
        for (int i = 0; i < length; ) {
            i += known.copy(at + i, copy, i);
        }
        return copy;
    }

    /** The same, and no more than {@code most} of them. */
    byte[] bytesUpTo(long at, long length, int most) throws ParsingStopped {
        return bytes(at, (int) Math.max(0, Math.min(Math.min(length, most), size() - at)));
    }

    /** In ISO 8859-1, as names of chunks and atoms are. */
    String name(long at, int length) throws ParsingStopped {
        return new String(bytes(at, length), StandardCharsets.ISO_8859_1);
    }

    /** A file of these bytes alone. */
    static LayoutBytes of(byte[] bytes) {
        FetchedRanges all = new FetchedRanges(bytes.length);
        all.add(0, ByteBuffer.wrap(bytes));
        return new LayoutBytes(all);
    }

    int u8(long at) throws ParsingStopped {
        require(at, 1);
        return known.at(at);
    }

    int u16(long at) throws ParsingStopped {
        return (int) bigEndian(at, 2);
    }

    int u24(long at) throws ParsingStopped {
        return (int) bigEndian(at, 3);
    }

    long u32(long at) throws ParsingStopped {
        return bigEndian(at, 4);
    }

    int u16le(long at) throws ParsingStopped {
        return (int) littleEndian(at, 2);
    }

    long u32le(long at) throws ParsingStopped {
        return littleEndian(at, 4);
    }

    /** Negative when it is beyond {@link Long#MAX_VALUE}. */
    long u64(long at) throws ParsingStopped {
        return bigEndian(at, 8);
    }

    /** Negative when it is beyond {@link Long#MAX_VALUE}. */
    long u64le(long at) throws ParsingStopped {
        return littleEndian(at, 8);
    }

    /** Whether these ASCII characters are at {@code at}; false where the file ends before. */
    boolean matches(long at, String text) throws ParsingStopped {
        if (at < 0 || at > size() - text.length()) {
            return false;
        }
        require(at, text.length());
        for (int i = 0; i < text.length(); i++) {
            if (known.at(at + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private long bigEndian(long at, int bytes) throws ParsingStopped {
        require(at, bytes);
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | known.at(at + i);
        }
        return value;
    }

    private long littleEndian(long at, int bytes) throws ParsingStopped {
        require(at, bytes);
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | known.at(at + i);
        }
        return value;
    }
}
