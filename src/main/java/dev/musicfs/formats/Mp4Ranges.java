package dev.musicfs.formats;

import java.util.Set;

/**
 * What the tag library looks at in an MP4 file: {@code ftyp} and {@code moov}. Of a large {@code moov} the tables that say
 * where each sample lies are passed over, and so is the data of covers; what is needed of them is that they are so long.
 */
final class Mp4Ranges {
    private static final int MAX_ATOMS = 4096;
    private static final int MAX_DEPTH = 8;

    /** Fetched in one request, tables and all. */
    private static final int SMALL_MOVIE_BYTES = 96 << 10;

    private static final int COVER_HEAD_BYTES = 16;

    private static final Set<String> CONTAINERS =
            Set.of("moov", "trak", "mdia", "minf", "stbl", "udta", "ilst", "covr");
    private static final Set<String> TABLES =
            Set.of("stsz", "stz2", "stco", "co64", "stts", "stsc", "ctts", "stss", "sbgp", "free", "skip", "mdat");

    private Mp4Ranges() {}

    static void require(LayoutBytes bytes, long start) throws ParsingStopped {
        long at = start;
        for (int i = 0; i < MAX_ATOMS && bytes.size() - at >= 8; i++) {
            bytes.requireAll(at, Math.min(16, bytes.size() - at));
            long length = length(bytes, at, bytes.size());
            String name = name(bytes, at);
            if (name.equals("moov") && length <= bytes.size() - at) {
                if (length <= SMALL_MOVIE_BYTES) {
                    bytes.requireAll(at, length);
                } else {
                    children(bytes, at + 8, at + length, name, 1);
                }
            } else if (name.equals("ftyp")) {
                bytes.requireAll(at, Math.min(length, bytes.size() - at));
            }
            at += length;
        }
    }

    private static void children(LayoutBytes bytes, long from, long end, String parent, int depth)
            throws ParsingStopped {
        long at = from;
        for (int i = 0; i < MAX_ATOMS && end - at >= 8; i++) {
            bytes.requireAll(at, Math.min(COVER_HEAD_BYTES, end - at));
            long length = length(bytes, at, end);
            if (length > end - at) {
                throw ParsingStopped.malformed("an MP4 atom longer than what it is in");
            }
            String name = name(bytes, at);
            if (parent.equals("covr")) {
                bytes.requireAll(at, Math.min(length, COVER_HEAD_BYTES));
            } else if (depth < MAX_DEPTH && CONTAINERS.contains(name)) {
                children(bytes, at + 8, at + length, name, depth + 1);
            } else if (depth < MAX_DEPTH && name.equals("meta") && length >= 16) {
                // ISO has version and flags here, QuickTime has not.
                children(bytes, at + (bytes.matches(at + 12, "hdlr") ? 8 : 12), at + length, name, depth + 1);
            } else if (!TABLES.contains(name)) {
                bytes.requireAll(at, length);
            }
            at += length;
        }
    }

    private static long length(LayoutBytes bytes, long at, long end) throws ParsingStopped {
        long length = bytes.u32(at);
        if (length == 1 && end - at >= 16) {
            length = bytes.u64(at + 8);
        } else if (length == 0) {
            length = end - at;
        }
        if (length < 8) {
            throw ParsingStopped.malformed("an MP4 atom of " + length + " bytes");
        }
        return length;
    }

    private static String name(LayoutBytes bytes, long at) throws ParsingStopped {
        StringBuilder name = new StringBuilder(4);
        for (int i = 4; i < 8; i++) {
            name.append((char) bytes.u8(at + i));
        }
        return name.toString();
    }
}
