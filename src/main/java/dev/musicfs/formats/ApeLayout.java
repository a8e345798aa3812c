package dev.musicfs.formats;

import java.util.Locale;

/** APEv1 and APEv2 tags behind the audio, and the pictures in them. */
final class ApeLayout {
    private static final String PREAMBLE = "APETAGEX";
    private static final int FOOTER_BYTES = 32;
    private static final int MAX_ITEMS = 1024;
    private static final int MAX_KEY_BYTES = 255;
    private static final long HAS_HEADER = 1L << 31;
    private static final long IS_HEADER = 1L << 29;

    private ApeLayout() {}

    /** Where the tag begins whose footer ends at {@code end}; negative when there is none after {@code start}. */
    static long tagEndingAt(LayoutBytes bytes, long start, long end, Pictures pictures) throws ParsingStopped {
        long footer = end - FOOTER_BYTES;
        if (footer < start || !bytes.matches(footer, PREAMBLE)) {
            return -1;
        }
        long size = bytes.u32le(footer + 12);
        long flags = bytes.u32le(footer + 20);
        if ((flags & IS_HEADER) != 0 || size < FOOTER_BYTES || size > end - start) {
            return -1;
        }
        long items = end - size;
        items(bytes, items, footer, pictures);
        long header = items - FOOTER_BYTES;
        boolean hasHeader = (flags & HAS_HEADER) != 0 && header >= start && bytes.matches(header, PREAMBLE);
        return hasHeader ? header : items;
    }

    /** Length of the value, flags, key and NUL, value. */
    private static void items(LayoutBytes bytes, long from, long end, Pictures pictures) throws ParsingStopped {
        long at = from;
        for (int i = 0; i < MAX_ITEMS && end - at >= 8; i++) {
            long length = bytes.u32le(at);
            String key = text(bytes, at + 8, end);
            long value = at + 8 + key.length() + 1;
            if (value > end || length > end - value || bytes.u8(value - 1) != 0) {
                return;
            }
            if (key.toLowerCase(Locale.ROOT).startsWith("cover art")) {
                // The name of the picture's file comes before it.
                long data = value + text(bytes, value, value + length).length() + 1;
                if (data < value + length && bytes.u8(data - 1) == 0) {
                    pictures.add(data, value + length);
                }
            }
            at = value + length;
        }
    }

    /** Up to a NUL, not counting it; cut off where it is too long. */
    private static String text(LayoutBytes bytes, long from, long end) throws ParsingStopped {
        StringBuilder text = new StringBuilder();
        for (long at = from; at < end && text.length() < MAX_KEY_BYTES && bytes.u8(at) != 0; at++) {
            text.append((char) bytes.u8(at));
        }
        return text.toString();
    }
}
