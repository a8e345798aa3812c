package dev.musicfs.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Comments and length of Vorbis, Opus (RFC 7845), FLAC and Speex in Ogg (RFC 3533). */
final class OggTags {
    private static final int HEADER_BYTES = 27;
    private static final int GRANULE_OFFSET = 6;
    private static final int SERIAL_OFFSET = 14;
    private static final int MOST_STREAMS = 16;
    private static final int FIRST_PACKET_BYTES = 64;
    private static final int OPUS_RATE = 48_000;
    static final int FETCH_BYTES = 64 << 10;
    private static final int[] TAILS = {16 << 10, 64 << 10, 128 << 10};

    private OggTags() {}

    /** @param start where the first page is */
    static void read(LayoutBytes bytes, long start, FoundTags found) throws ParsingStopped {
        bytes.setFetchBytes(FETCH_BYTES);
        long page = start;
        // A skeleton or a picture that moves may come before the sound.
        for (int i = 0; i < MOST_STREAMS && bytes.matches(page, "OggS"); i++) {
            Stream stream = Stream.of(new OggCursor(bytes, page).readUpTo(FIRST_PACKET_BYTES));
            if (stream != null) {
                stream(bytes, page, stream, found);
                return;
            }
            int segments = bytes.u8(page + HEADER_BYTES - 1);
            long length = (long) HEADER_BYTES + segments;
            for (int s = 0; s < segments; s++) {
                length += bytes.u8(page + HEADER_BYTES + s);
            }
            page += length;
        }
        throw ParsingStopped.malformed("an Ogg file without Vorbis, Opus, FLAC or Speex");
    }

    private static void stream(LayoutBytes bytes, long page, Stream stream, FoundTags found) throws ParsingStopped {
        found.section(() -> {
            OggCursor packets = new OggCursor(bytes, page);
            packets.nextPacket();
            packets.skip(stream.commentOffset);
            VorbisComments.read(packets, found.comments());
        });
        found.section(() -> {
            long granule = lastGranule(bytes, bytes.u32(page + SERIAL_OFFSET));
            found.sound(Sound.of(granule - stream.preSkip, stream.rate, bytes.size()));
        });
    }

    /** The position after the last page of the stream that says one; 0 when none does. */
    private static long lastGranule(LayoutBytes bytes, long serial) throws ParsingStopped {
        for (int tail : TAILS) {
            int length = (int) Math.min(tail, bytes.size());
            byte[] end = bytes.bytes(bytes.size() - length, length);
            ByteBuffer pages = ByteBuffer.wrap(end);
            for (int at = length - HEADER_BYTES; at >= 0; at--) {
                if (end[at] == 'O'
                        && pages.getInt(at) == 0x4F676753
                        && Integer.toUnsignedLong(pages.getInt(at + SERIAL_OFFSET)) == serial
                        && pages.getLong(at + GRANULE_OFFSET) != -1) {
                    return Long.reverseBytes(pages.getLong(at + GRANULE_OFFSET));
                }
            }
            if (length == bytes.size()) {
                break;
            }
        }
        return 0;
    }

    /**
     * What the first packet says.
     *
     * @param rate granule positions a second
     * @param preSkip granule positions before the first sample that is played
     * @param commentOffset where the Vorbis comment begins in the second packet
     */
    private record Stream(long rate, int preSkip, int commentOffset) {
        static @Nullable Stream of(byte[] first) {
            ByteBuffer head = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
            String magic = new String(first, StandardCharsets.ISO_8859_1);
            if (magic.startsWith("OpusHead") && first.length >= 12) {
                return new Stream(OPUS_RATE, head.getShort(10) & 0xFFFF, 8);
            }
            if (magic.startsWith("\u0001vorbis") && first.length >= 16) {
                return new Stream(Integer.toUnsignedLong(head.getInt(12)), 0, 7);
            }
            if (magic.startsWith("\u007fFLAC") && first.length >= 30) {
                // STREAMINFO begins at 17, its 20 bits of sample rate at 27.
                int rate = ((first[27] & 0xFF) << 12) | ((first[28] & 0xFF) << 4) | ((first[29] & 0xFF) >> 4);
                return new Stream(rate, 0, 4);
            }
            if (magic.startsWith("Speex   ") && first.length >= 40) {
                return new Stream(Integer.toUnsignedLong(head.getInt(36)), 0, 0);
            }
            return null;
        }
    }
}
