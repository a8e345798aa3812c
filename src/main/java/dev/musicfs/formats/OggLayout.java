package dev.musicfs.formats;

import dev.musicfs.model.AudioLayout;

/**
 * Ogg (RFC 3533) with Vorbis, Opus, FLAC or Speex. The audio begins with the page after the last packet of headers; further
 * streams chained behind it count as audio. Pictures are text there, cut by page headers, and stay unmarked.
 */
final class OggLayout {
    private static final int HEADER_BYTES = 27;
    private static final int SERIAL_OFFSET = 14;
    private static final int SEQUENCE_OFFSET = 18;
    private static final int SEGMENTS_OFFSET = 26;

    /** 255 segments of 255 bytes: no packet ends in such a page, and there is no longer one. */
    static final int FULL_PAGE_BYTES = HEADER_BYTES + 255 + 255 * 255;

    private static final int MAX_PAGES = 4096;

    private final LayoutBytes bytes;
    private final long serial;
    private final long first;

    private OggLayout(LayoutBytes bytes, long start) throws ParsingStopped {
        this.bytes = bytes;
        this.serial = bytes.u32(start + SERIAL_OFFSET);
        this.first = start + HEADER_BYTES + bytes.u8(start + SEGMENTS_OFFSET);
    }

    /** @param start where the first page is */
    static AudioLayout layout(LayoutBytes bytes, long start, Pictures pictures) throws ParsingStopped {
        // A page header is at most 282 bytes.
        bytes.setFetchBytes(512);
        return new OggLayout(bytes, start).read(start, pictures);
    }

    private AudioLayout read(long start, Pictures pictures) throws ParsingStopped {
        long packets = headerPackets();
        String hash = bytes.matches(first, "\u007fFLAC") ? FlacLayout.hash(bytes, first + 17) : "";
        long at = start;
        for (int i = 0; i < MAX_PAGES; i++) {
            if (!bytes.matches(at, "OggS")) {
                throw ParsingStopped.malformed("not an Ogg page where one should begin");
            }
            int segments = bytes.u8(at + SEGMENTS_OFFSET);
            boolean ours = bytes.u32(at + SERIAL_OFFSET) == serial;
            long length = (long) HEADER_BYTES + segments;
            for (int s = 0; s < segments; s++) {
                int lace = bytes.u8(at + HEADER_BYTES + s);
                length += lace;
                packets -= ours && lace < 255 ? 1 : 0;
            }
            if (length > bytes.size() - at) {
                throw ParsingStopped.malformed("the file ends inside an Ogg page");
            }
            if (packets <= 0) {
                return pictures.layout(at + length, bytes.size(), hash);
            }
            at += length == FULL_PAGE_BYTES && ours ? length * fullPages(bytes, at, serial) : length;
        }
        throw ParsingStopped.malformed("Ogg headers of more than " + MAX_PAGES + " pages");
    }

    /**
     * How many full pages follow each other from the full page at {@code at}, as far as they can be told without looking at
     * each: where a page of this stream is {@code n} full lengths further and {@code n} numbers later, all between are
     * full. A comment with a large picture has dozens of them.
     */
    static long fullPages(LayoutBytes bytes, long at, long serial) throws ParsingStopped {
        long pages = 1;
        for (long more = 1; isPage(bytes, at, serial, pages + more); more *= 2) {
            pages += more;
        }
        return pages;
    }

    private static boolean isPage(LayoutBytes bytes, long at, long serial, long pages) throws ParsingStopped {
        long page = at + pages * FULL_PAGE_BYTES;
        return bytes.size() - page >= HEADER_BYTES
                && bytes.matches(page, "OggS")
                && bytes.u32(page + SERIAL_OFFSET) == serial
                && bytes.u32le(page + SEQUENCE_OFFSET) - bytes.u32le(at + SEQUENCE_OFFSET) == pages;
    }

    /** How many packets of headers the first packet announces, itself included. */
    private long headerPackets() throws ParsingStopped {
        if (bytes.matches(first, "\u0001vorbis")) {
            return 3;
        }
        if (bytes.matches(first, "OpusHead")) {
            return 2;
        }
        if (bytes.matches(first, "\u007fFLAC")) {
            int others = bytes.u16(first + 7);
            if (others == 0) {
                throw ParsingStopped.malformed("Ogg FLAC that does not tell the number of its headers");
            }
            return 1L + others;
        }
        if (bytes.matches(first, "Speex   ")) {
            return 2 + bytes.u32le(first + 68);
        }
        throw ParsingStopped.malformed("an Ogg stream that is not Vorbis, Opus, FLAC or Speex");
    }
}
