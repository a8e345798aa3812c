package dev.musicfs.formats;

/**
 * What {@link OggReader} reads: the pages of the first two packets, a picture in the comments included, and as much of the
 * end as holds the last page of the stream that says a position.
 */
final class OggRanges {
    private static final int HEADER_BYTES = 27;
    private static final int GRANULE_OFFSET = 6;
    private static final int SERIAL_OFFSET = 14;
    private static final int SEGMENTS_OFFSET = 26;
    private static final int HEADER_PACKETS = 2;
    private static final int FIRST_FETCH_BYTES = 64 << 10;
    private static final int LONGEST_FETCH_BYTES = 256 << 10;
    private static final int[] TAILS = {16 << 10, 64 << 10, 128 << 10};

    private OggRanges() {}

    static void require(LayoutBytes bytes, long start) throws ParsingStopped {
        long serial = bytes.u32(start + SERIAL_OFFSET);
        long at = start;
        int packets = 0;
        while (packets < HEADER_PACKETS) {
            // Comments that go on and on hold a picture: fetched in fewer and fewer requests.
            bytes.setFetchBytes((int) Math.max(FIRST_FETCH_BYTES, Math.min(at - start, LONGEST_FETCH_BYTES)));
            if (!bytes.matches(at, "OggS")) {
                throw ParsingStopped.malformed("not an Ogg page where one should begin");
            }
            int segments = bytes.u8(at + SEGMENTS_OFFSET);
            boolean ours = bytes.u32(at + SERIAL_OFFSET) == serial;
            long length = (long) HEADER_BYTES + segments;
            for (int i = 0; i < segments; i++) {
                int lace = bytes.u8(at + HEADER_BYTES + i);
                length += lace;
                packets += ours && lace < 255 ? 1 : 0;
            }
            bytes.requireAll(at, length);
            at += length;
        }
        for (int tail : TAILS) {
            long from = Math.max(0, bytes.size() - tail);
            bytes.requireAll(from, bytes.size() - from);
            if (from == 0 || hasPosition(bytes, from, serial)) {
                return;
            }
        }
    }

    private static boolean hasPosition(LayoutBytes bytes, long from, long serial) throws ParsingStopped {
        for (long at = bytes.size() - HEADER_BYTES; at >= from; at--) {
            if (bytes.u8(at) == 'O'
                    && bytes.matches(at, "OggS")
                    && bytes.u32(at + SERIAL_OFFSET) == serial
                    && bytes.u64(at + GRANULE_OFFSET) != -1) {
                return true;
            }
        }
        return false;
    }
}
