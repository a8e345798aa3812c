package dev.musicfs.formats;

import java.util.Arrays;

/** The bytes of one packet after another of one logical stream of an Ogg file (RFC 3533). Checksums are not checked. */
final class OggCursor implements TextCursor {
    private static final int HEADER_BYTES = 27;
    private static final int SERIAL_OFFSET = 14;
    private static final int SEGMENTS_OFFSET = 26;
    private static final int FULL_BODY_BYTES = 255 * 255;
    private static final int MAX_PAGES = 4096;
    private static final int PAGE_HEAD_BYTES = 512;

    private final LayoutBytes bytes;
    private final long serial;
    private long page;
    private int segments;
    private int segment;
    private long at;
    private int left;
    private int pages;

    /** Begins with the first packet of the page at {@code page}, and keeps to its stream. */
    OggCursor(LayoutBytes bytes, long page) throws ParsingStopped {
        this.bytes = bytes;
        this.serial = bytes.u32(page + SERIAL_OFFSET);
        enter(page);
    }

    /** Passes over what is left of this packet. */
    void nextPacket() throws ParsingStopped {
        while (advance()) {
            at += left;
            left = 0;
        }
        nextSegment();
    }

    /** Up to {@code length} bytes, fewer when the packet ends. */
    byte[] readUpTo(int length) throws ParsingStopped {
        byte[] all = new byte[length];
        int filled = 0;
        while (filled < length && advance()) {
            int n = Math.min(left, length - filled);
            System.arraycopy(bytes.bytes(at, n), 0, all, filled, n);
            filled += n;
            at += n;
            left -= n;
        }
        return filled == length ? all : Arrays.copyOf(all, filled);
    }

    @Override
    public byte[] read(int length) throws ParsingStopped {
        byte[] read = readUpTo(length);
        if (read.length < length) {
            throw ParsingStopped.malformed("an Ogg packet ends early");
        }
        return read;
    }

    @Override
    public void skip(long length) throws ParsingStopped {
        long toSkip = length;
        while (toSkip > 0) {
            if (!advance()) {
                throw ParsingStopped.malformed("an Ogg packet ends early");
            }
            toSkip -= jump(toSkip);
            int n = (int) Math.min(left, toSkip);
            at += n;
            left -= n;
            toSkip -= n;
        }
    }

    /** Passes over pages that are full from end to end, as those of a picture are, without a look at each. */
    private long jump(long toSkip) throws ParsingStopped {
        long here = at - page - HEADER_BYTES - segments;
        if (toSkip < 4L * FULL_BODY_BYTES || end(page) - page != OggLayout.FULL_PAGE_BYTES) {
            return 0;
        }
        bytes.setFetchBytes(PAGE_HEAD_BYTES);
        long full = OggLayout.fullPages(bytes, page, serial);
        bytes.setFetchBytes(OggTags.FETCH_BYTES);
        // The last of them is entered, and never passed.
        long count = Math.min(full - 1, (toSkip + here) / FULL_BODY_BYTES - 1);
        if (count < 2) {
            return 0;
        }
        long skipped = count * FULL_BODY_BYTES - here;
        enter(page + count * OggLayout.FULL_PAGE_BYTES);
        return skipped;
    }

    /** Makes at least one byte of this packet available; false at its end. */
    private boolean advance() throws ParsingStopped {
        while (left == 0) {
            if (bytes.u8(page + HEADER_BYTES + segment) < 255) {
                return false;
            }
            nextSegment();
        }
        return true;
    }

    private void nextSegment() throws ParsingStopped {
        segment++;
        while (segment >= segments) {
            long next = page;
            do {
                next = end(next);
                if (++pages > MAX_PAGES) {
                    throw ParsingStopped.malformed("Ogg headers of more than " + MAX_PAGES + " pages");
                }
                if (!bytes.matches(next, "OggS")) {
                    throw ParsingStopped.malformed("not an Ogg page where one should begin");
                }
            } while (bytes.u32(next + SERIAL_OFFSET) != serial);
            enter(next);
        }
        left = bytes.u8(page + HEADER_BYTES + segment);
    }

    private void enter(long next) throws ParsingStopped {
        page = next;
        segments = bytes.u8(next + SEGMENTS_OFFSET);
        segment = 0;
        at = next + HEADER_BYTES + segments;
        left = segments == 0 ? 0 : bytes.u8(next + HEADER_BYTES);
    }

    /** Where the page after the one at {@code start} begins. */
    private long end(long start) throws ParsingStopped {
        int count = bytes.u8(start + SEGMENTS_OFFSET);
        long end = start + HEADER_BYTES + count;
        for (int i = 0; i < count; i++) {
            end += bytes.u8(start + HEADER_BYTES + i);
        }
        return end;
    }
}
