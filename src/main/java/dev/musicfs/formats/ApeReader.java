package dev.musicfs.formats;

import java.nio.charset.StandardCharsets;

/** The texts of an APEv1 or APEv2 tag. */
final class ApeReader {
    private static final int FOOTER_BYTES = 32;
    private static final int MAX_ITEMS = 1024;
    private static final int MAX_KEY_BYTES = 255;
    private static final int MAX_TEXT_BYTES = 16 << 10;

    private ApeReader() {}

    /**
     * The tag whose footer ends at {@code end}.
     *
     * @param tags what it has is added here as it is read
     */
    static void read(LayoutBytes bytes, long end, TextTags tags) throws ParsingStopped {
        long footer = end - FOOTER_BYTES;
        long size = bytes.u32le(footer + 12);
        if (size < FOOTER_BYTES || size > end) {
            throw ParsingStopped.malformed("an APE tag of " + size + " bytes");
        }
        long at = end - size;
        for (int i = 0; i < MAX_ITEMS && footer - at >= 8; i++) {
            long length = bytes.u32le(at);
            boolean text = (bytes.u32le(at + 4) & 6) == 0;
            String key = key(bytes, at + 8, footer);
            long value = at + 8 + key.length() + 1;
            if (value > footer || length > footer - value) {
                throw ParsingStopped.malformed("an APE item longer than its tag");
            }
            if (text && tags.wants(key)) {
                tags.add(
                        key,
                        new String(bytes.bytesUpTo(value, length, MAX_TEXT_BYTES), StandardCharsets.UTF_8)
                                .replace("\uFEFF", ""));
            }
            at = value + length;
        }
    }

    private static String key(LayoutBytes bytes, long from, long end) throws ParsingStopped {
        StringBuilder text = new StringBuilder();
        for (long at = from; at < end && text.length() < MAX_KEY_BYTES && bytes.u8(at) != 0; at++) {
            text.append((char) bytes.u8(at));
        }
        return text.toString();
    }
}
