package dev.musicfs.formats;

/** Comments and STREAMINFO of FLAC (RFC 9639). */
final class FlacTags {
    private static final int MAX_BLOCKS = 1024;
    private static final int STREAMINFO_BYTES = 34;
    private static final int INVALID = 127;

    private FlacTags() {}

    /** @param start where the magic is */
    static void read(LayoutBytes bytes, long start, FoundTags found) throws ParsingStopped {
        long at = start + 4;
        boolean last = false;
        for (int i = 0; i < MAX_BLOCKS && !last; i++) {
            int header = bytes.u8(at);
            long length = bytes.u24(at + 1);
            long block = at + 4;
            if ((header & 0x7F) == INVALID || length > bytes.size() - block) {
                throw ParsingStopped.malformed("a FLAC metadata block that is none");
            }
            int type = header & 0x7F;
            if (type == FlacLayout.STREAMINFO && length >= STREAMINFO_BYTES) {
                // 20 bits of sample rate, 8 of others, 36 of the number of samples.
                long numbers = bytes.u64(block + 10);
                found.sound(Sound.of(numbers & 0xFFFFFFFFFL, numbers >>> 44, bytes.size()));
            } else if (type == FlacLayout.COMMENT) {
                found.section(
                        () -> VorbisComments.read(TextCursor.between(bytes, block, block + length), found.comments()));
            }
            last = (header & 0x80) != 0;
            at = block + length;
        }
    }
}
