package dev.musicfs.formats;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Comment headers of Opus (RFC 7845), Vorbis and FLAC in Ogg (RFC 3533). The tag library knows only Vorbis of these, and
 * reads pictures into memory; this passes over them.
 */
final class OggReader {
    /** A page is at most 65,307 bytes, so the last page begins in here. */
    private static final int TAIL_BYTES = 1 << 17;

    private static final int MAX_COMMENT_BYTES = 1 << 16;
    private static final int OPUS_RATE = 48_000;
    private static final int GRANULE_OFFSET = 6;
    private static final int SERIAL_OFFSET = 14;

    private OggReader() {}

    /** Blocks; fails with {@link MalformedAudioException} when the file is damaged, other exceptions are real I/O. */
    static AudioFacts read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            // Not closed: it would only close the channel.
            OggPackets packets = new OggPackets(new BufferedInputStream(Channels.newInputStream(channel), 1 << 13));
            Stream stream = Stream.of(packets.readUpTo(64));
            packets.nextPacket();
            packets.skip(stream.commentOffset);
            TextTags tags = comments(packets);
            long samples = lastGranule(channel, packets.serial()) - stream.preSkip;
            long millis = samples <= 0 ? 0 : (long) (samples * 1000.0 / stream.rate);
            return AudioFacts.ofSize(tags, millis, channel.size());
        }
    }

    private static TextTags comments(OggPackets packets) throws IOException {
        TextTags tags = new TextTags();
        packets.skip(packets.readLength());
        long count = packets.readLength();
        for (long i = 0; i < count; i++) {
            long length = packets.readLength();
            if (length > MAX_COMMENT_BYTES) {
                packets.skip(length);
            } else {
                tags.addComment(packets.read((int) length));
            }
        }
        return tags;
    }

    /** The position after the last page of the stream that says one; 0 when none does. */
    private static long lastGranule(FileChannel channel, int serial) throws IOException {
        long from = Math.max(0, channel.size() - TAIL_BYTES);
        ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (tail.hasRemaining() && channel.read(tail, from + tail.position()) >= 0) {
            // Until it is full or the file ends.
        }
        for (int at = tail.position() - OggPackets.HEADER_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == OggPackets.CAPTURE
                    && tail.getInt(at + SERIAL_OFFSET) == serial
                    && tail.getLong(at + GRANULE_OFFSET) != -1) {
                return tail.getLong(at + GRANULE_OFFSET);
            }
        }
        return 0;
    }

    /**
     * What the first packet says.
     *
     * @param rate granule positions a second, positive
     * @param preSkip granule positions before the first sample that is played
     * @param commentOffset where the Vorbis comment begins in the second packet
     */
    private record Stream(int rate, int preSkip, int commentOffset) {
        static Stream of(byte[] first) throws MalformedAudioException {
            ByteBuffer head = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
            Stream stream = null;
            if (startsWith(first, "OpusHead") && first.length >= 19) {
                stream = new Stream(OPUS_RATE, head.getShort(10) & 0xFFFF, 8);
            } else if (startsWith(first, "\u0001vorbis") && first.length >= 30) {
                stream = new Stream(head.getInt(12), 0, 7);
            } else if (startsWith(first, "\u007fFLAC") && first.length >= 51) {
                // STREAMINFO begins at 17, its 20 bits of sample rate at 27.
                int rate = ((first[27] & 0xFF) << 12) | ((first[28] & 0xFF) << 4) | ((first[29] & 0xFF) >> 4);
                stream = new Stream(rate, 0, 4);
            }
            if (stream == null || stream.rate <= 0) {
                throw new MalformedAudioException("an Ogg stream that is not Opus, Vorbis or FLAC");
            }
            return stream;
        }

        private static boolean startsWith(byte[] bytes, String magic) {
            return new String(bytes, StandardCharsets.ISO_8859_1).startsWith(magic);
        }
    }
}
