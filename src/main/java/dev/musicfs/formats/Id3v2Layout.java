package dev.musicfs.formats;

/**
 * ID3v2.2, 2.3 and 2.4 tags (id3.org): how long they are and where their pictures lie. A picture that is stored
 * unsynchronised, compressed or encrypted is not there byte for byte and stays unmarked. Damage inside a tag ends the
 * search for pictures; the tag's own length holds.
 */
final class Id3v2Layout {
    static final int HEADER_BYTES = 10;

    private static final int MAX_TAGS = 16;
    private static final int MAX_FRAMES = 4096;
    private static final int MAX_TEXT_BYTES = 1024;

    private static final int UNSYNCHRONISED = 0x80;
    private static final int EXTENDED = 0x40;
    private static final int FOOTER = 0x10;

    private Id3v2Layout() {}

    /** The offset after all tags that follow each other from {@code at}; {@code at} when there is none. */
    static long skipAll(LayoutBytes bytes, long at, Pictures pictures) throws ParsingStopped {
        long end = at;
        for (int i = 0; i < MAX_TAGS; i++) {
            long size = sizeAt(bytes, end, "ID3");
            if (size == 0) {
                break;
            }
            if (size > bytes.size() - end) {
                throw ParsingStopped.malformed("an ID3v2 tag of " + size + " bytes");
            }
            pictures(bytes, end, end + size, pictures);
            end += size;
        }
        return end;
    }

    /**
     * The length of the tag whose header (or footer, by its magic {@code 3DI}) is at {@code at}, header and footer
     * included; 0 when there is none.
     */
    static long sizeAt(LayoutBytes bytes, long at, String magic) throws ParsingStopped {
        if (at > bytes.size() - HEADER_BYTES || !bytes.matches(at, magic)) {
            return 0;
        }
        long size = syncSafe(bytes.u32(at + 6));
        if (size < 0 || bytes.u8(at + 3) == 0xFF || bytes.u8(at + 4) == 0xFF) {
            return 0;
        }
        return HEADER_BYTES + size + (hasFooter(bytes, at) ? HEADER_BYTES : 0);
    }

    private static boolean hasFooter(LayoutBytes bytes, long at) throws ParsingStopped {
        return bytes.u8(at + 3) >= 4 && (bytes.u8(at + 5) & FOOTER) != 0;
    }

    /** Finds the pictures of the tag that begins at {@code at} and ends before {@code end}. */
    static void pictures(LayoutBytes bytes, long at, long end, Pictures pictures) throws ParsingStopped {
        int version = bytes.u8(at + 3);
        int flags = bytes.u8(at + 5);
        // Before 2.4 a tag is unsynchronised as a whole; 2.2 has a flag of its own for compressed tags.
        boolean opaque = (version < 4 && (flags & UNSYNCHRONISED) != 0) || (version == 2 && (flags & EXTENDED) != 0);
        if (version < 2 || version > 4 || opaque) {
            return;
        }
        long framesEnd = end - (hasFooter(bytes, at) ? HEADER_BYTES : 0);
        int headerBytes = version == 2 ? 6 : 10;
        long frame = at + HEADER_BYTES;
        if ((flags & EXTENDED) != 0 && framesEnd - frame >= 4) {
            long length = bytes.u32(frame);
            frame += version == 3 ? 4 + length : Math.max(0, syncSafe(length));
        }
        for (int i = 0; i < MAX_FRAMES && isFrame(bytes, frame, framesEnd, version); i++) {
            long data = frame + headerBytes;
            long length = lengthOf(bytes, frame, framesEnd, version);
            if (length > framesEnd - data) {
                return;
            }
            if (bytes.matches(frame, version == 2 ? "PIC" : "APIC")) {
                int prefix = prefix(bytes, frame, version, (flags & UNSYNCHRONISED) != 0);
                if (prefix >= 0) {
                    picture(bytes, data + prefix, data + length, version, pictures);
                }
            }
            frame = data + length;
        }
    }

    /** Whether a frame begins here; padding does not look like one. */
    static boolean isFrame(LayoutBytes bytes, long at, long end, int version) throws ParsingStopped {
        if (end - at < (version == 2 ? 6 : 10)) {
            return false;
        }
        for (int i = 0; i < 3; i++) {
            if (!isLetter(bytes.u8(at + i))) {
                return false;
            }
        }
        // Some programs put frames of 2.2 into later tags, with a space or a zero as their fourth letter.
        int fourth = version == 2 ? 'A' : bytes.u8(at + 3);
        return isLetter(fourth) || fourth == ' ' || fourth == 0;
    }

    private static boolean isLetter(int letter) {
        return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    }

    static long lengthOf(LayoutBytes bytes, long frame, long end, int version) throws ParsingStopped {
        if (version == 2) {
            return bytes.u24(frame + 3);
        }
        long plain = bytes.u32(frame + 4);
        long safe = syncSafe(plain);
        if (version == 3 || safe == plain) {
            return plain;
        }
        // Old versions of iTunes wrote 2.4 with plain lengths: what follows the frame tells.
        boolean wronglyPlain =
                safe < 0 || (!endsWell(bytes, frame + 10 + safe, end) && endsWell(bytes, frame + 10 + plain, end));
        return wronglyPlain ? plain : safe;
    }

    private static boolean endsWell(LayoutBytes bytes, long at, long end) throws ParsingStopped {
        return at == end || (at < end && (bytes.u8(at) == 0 || isFrame(bytes, at, end, 4)));
    }

    /** How many bytes the flags of a frame put before its data; negative when the data is not there byte for byte. */
    private static int prefix(LayoutBytes bytes, long frame, int version, boolean unsynchronised)
            throws ParsingStopped {
        if (version == 2) {
            return 0;
        }
        int flags = bytes.u8(frame + 9);
        if (version == 3) {
            boolean changed = (flags & 0xC0) != 0;
            return changed ? -1 : (flags & 0x20) != 0 ? 1 : 0;
        }
        boolean changed = unsynchronised || (flags & 0x0E) != 0;
        return changed ? -1 : ((flags & 0x40) != 0 ? 1 : 0) + ((flags & 0x01) != 0 ? 4 : 0);
    }

    /** Encoding, MIME type (three letters in 2.2), kind, description, and to the end of the frame the picture. */
    private static void picture(LayoutBytes bytes, long from, long end, int version, Pictures pictures)
            throws ParsingStopped {
        if (from >= end) {
            return;
        }
        boolean wide = bytes.u8(from) == 1 || bytes.u8(from) == 2;
        long mimeEnd = version == 2 ? from + 4 : afterText(bytes, from + 1, end, false);
        if (mimeEnd < 0 || mimeEnd + 1 >= end || bytes.matches(from + 1, "-->")) {
            return;
        }
        long data = afterText(bytes, mimeEnd + 1, end, wide);
        if (data >= 0) {
            pictures.add(data, end);
        }
    }

    /** The offset after the NUL that ends a text; negative when none does. */
    private static long afterText(LayoutBytes bytes, long from, long end, boolean wide) throws ParsingStopped {
        int step = wide ? 2 : 1;
        long limit = Math.min(end, from + MAX_TEXT_BYTES);
        for (long at = from; at + step <= limit; at += step) {
            if (bytes.u8(at) == 0 && (!wide || bytes.u8(at + 1) == 0)) {
                return at + step;
            }
        }
        return -1;
    }

    /** 28 bits from four bytes of seven; negative when they are no such bytes. */
    static long syncSafe(long value) {
        if ((value & 0x80808080L) != 0) {
            return -1;
        }
        return (value & 0x7F) | (value & 0x7F00) >> 1 | (value & 0x7F0000) >> 2 | (value & 0x7F000000) >> 3;
    }
}
