package dev.musicfs.formats;

/**
 * Tags behind the audio, in any order: ID3v1 with its extension, APEv1 and APEv2, Lyrics3v2, ID3v2.4 with a footer. What
 * only resembles one counts as audio.
 */
final class TrailerLayout {
    private static final int MAX_TAGS = 8;
    private static final int ID3V1_BYTES = 128;
    private static final int ID3V1_EXTENSION_BYTES = 227;
    private static final int LYRICS_END_BYTES = 15;
    private static final int LYRICS_BEGIN_BYTES = 11;

    private TrailerLayout() {}

    /** Where the first of the tags begins; the end of the file when there is none. Never before {@code start}. */
    static long endOfAudio(LayoutBytes bytes, long start, Pictures pictures) throws ParsingStopped {
        bytes.requireTail();
        long end = bytes.size();
        for (int i = 0; i < MAX_TAGS; i++) {
            long tag = tagEndingAt(bytes, start, end, pictures);
            if (tag < 0) {
                break;
            }
            end = tag;
        }
        return end;
    }

    static long tagEndingAt(LayoutBytes bytes, long start, long end, Pictures pictures) throws ParsingStopped {
        if (end - start >= ID3V1_BYTES && bytes.matches(end - ID3V1_BYTES, "TAG")) {
            long tag = end - ID3V1_BYTES;
            boolean extended =
                    tag - start >= ID3V1_EXTENSION_BYTES && bytes.matches(tag - ID3V1_EXTENSION_BYTES, "TAG+");
            return extended ? tag - ID3V1_EXTENSION_BYTES : tag;
        }
        long ape = ApeLayout.tagEndingAt(bytes, start, end, pictures);
        if (ape >= 0) {
            return ape;
        }
        long lyrics = lyricsEndingAt(bytes, start, end);
        return lyrics >= 0 ? lyrics : id3v2EndingAt(bytes, start, end, pictures);
    }

    /** LYRICSBEGIN, fields, the length of both in six digits, LYRICS200. */
    private static long lyricsEndingAt(LayoutBytes bytes, long start, long end) throws ParsingStopped {
        if (end - start < LYRICS_END_BYTES + LYRICS_BEGIN_BYTES || !bytes.matches(end - 9, "LYRICS200")) {
            return -1;
        }
        long length = 0;
        for (int i = 0; i < 6; i++) {
            int digit = bytes.u8(end - LYRICS_END_BYTES + i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            length = length * 10 + digit;
        }
        long tag = end - LYRICS_END_BYTES - length;
        return tag >= start && bytes.matches(tag, "LYRICSBEGIN") ? tag : -1;
    }

    private static long id3v2EndingAt(LayoutBytes bytes, long start, long end, Pictures pictures)
            throws ParsingStopped {
        if (end - start < 2 * Id3v2Layout.HEADER_BYTES) {
            return -1;
        }
        long size = Id3v2Layout.sizeAt(bytes, end - Id3v2Layout.HEADER_BYTES, "3DI");
        if (size == 0 || size > end - start || Id3v2Layout.sizeAt(bytes, end - size, "ID3") != size) {
            return -1;
        }
        Id3v2Layout.pictures(bytes, end - size, end, pictures);
        return end - size;
    }
}
