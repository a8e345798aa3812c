package dev.musicfs.formats;

import dev.musicfs.model.AudioLayout;

/** FLAC (RFC 9639): metadata blocks, then frames. */
final class FlacLayout {
    static final int STREAMINFO = 0;
    static final int COMMENT = 4;
    static final int PICTURE = 6;

    private static final int INVALID = 127;
    private static final int STREAMINFO_BYTES = 34;

    private FlacLayout() {}

    /** @param start where the magic is */
    static AudioLayout layout(LayoutBytes bytes, long start, Pictures pictures) throws ParsingStopped {
        long at = start + 4;
        if ((bytes.u8(at) & 0x7F) != STREAMINFO || bytes.u24(at + 1) < STREAMINFO_BYTES) {
            throw ParsingStopped.malformed("FLAC without STREAMINFO");
        }
        String hash = hash(bytes, at + 4);
        boolean last = false;
        while (!last) {
            int header = bytes.u8(at);
            long end = at + 4 + bytes.u24(at + 1);
            if ((header & 0x7F) == INVALID || end > bytes.size()) {
                throw ParsingStopped.malformed("a FLAC metadata block that is none");
            }
            if ((header & 0x7F) == PICTURE) {
                picture(bytes, at + 4, end, pictures);
            }
            last = (header & 0x80) != 0;
            at = end;
        }
        long audioEnd = TrailerLayout.endOfAudio(bytes, at, pictures);
        if (at < audioEnd && (bytes.u16(at) & 0xFFFE) != 0xFFF8) {
            throw ParsingStopped.malformed("no FLAC frame after the metadata");
        }
        return pictures.layout(at, audioEnd, hash);
    }

    /** The MD5 of the samples in a STREAMINFO block; empty when the encoder did not know it. */
    static String hash(LayoutBytes bytes, long streamInfo) throws ParsingStopped {
        long high = bytes.u64(streamInfo + 18);
        long low = bytes.u64(streamInfo + 26);
        return high == 0 && low == 0 ? "" : hex(high) + hex(low);
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }

    /** Kind, MIME type and description with their lengths, four numbers, and the picture with its length. */
    static void picture(LayoutBytes bytes, long block, long end, Pictures pictures) throws ParsingStopped {
        if (end - block < 32) {
            return;
        }
        long mime = bytes.u32(block + 4);
        long description = block + 8 + mime;
        // A MIME type of --> announces a link.
        if (description + 4 > end || (mime == 3 && bytes.matches(block + 8, "-->"))) {
            return;
        }
        long numbers = description + 4 + bytes.u32(description);
        if (numbers + 20 > end) {
            return;
        }
        long data = numbers + 20;
        long length = bytes.u32(data - 4);
        if (length <= end - data) {
            pictures.add(data, data + length);
        }
    }
}
