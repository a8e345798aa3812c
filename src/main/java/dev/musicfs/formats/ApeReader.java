package dev.musicfs.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** APEv1 and APEv2 tags at the end of Monkey's Audio and WavPack files. Duration and bit rate stay unknown. */
final class ApeReader {
    private static final int FOOTER_BYTES = 32;
    private static final int ID3V1_BYTES = 128;
    private static final int MAX_TAG_BYTES = 16 << 20;
    private static final int MAX_VALUE_BYTES = 1 << 16;
    private static final int MAX_KEY_BYTES = 255;
    private static final byte[] PREAMBLE = "APETAGEX".getBytes(StandardCharsets.US_ASCII);

    private ApeReader() {}

    /** Blocks; fails with {@link MalformedAudioException} when the file is damaged, other exceptions are real I/O. */
    static AudioFacts read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            String magic = new String(read(channel, 0, 4), StandardCharsets.ISO_8859_1);
            if (!magic.equals("MAC ") && !magic.equals("wvpk")) {
                throw new MalformedAudioException("neither Monkey's Audio nor WavPack");
            }
            long end = channel.size();
            FieldSource tags = tagEndingAt(channel, end);
            if (tags == FieldSource.NONE) {
                tags = tagEndingAt(channel, end - ID3V1_BYTES);
            }
            return new AudioFacts(tags, 0, 0);
        }
    }

    private static FieldSource tagEndingAt(FileChannel channel, long end) throws IOException {
        if (end < FOOTER_BYTES) {
            return FieldSource.NONE;
        }
        byte[] bytes = read(channel, end - FOOTER_BYTES, FOOTER_BYTES);
        if (!Arrays.equals(bytes, 0, PREAMBLE.length, PREAMBLE, 0, PREAMBLE.length)) {
            return FieldSource.NONE;
        }
        ByteBuffer footer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long size = Integer.toUnsignedLong(footer.getInt(12));
        if (size < FOOTER_BYTES || size > MAX_TAG_BYTES || size > end) {
            throw new MalformedAudioException("an APE tag of " + size + " bytes");
        }
        return items(read(channel, end - size, (int) size - FOOTER_BYTES), footer.getInt(16));
    }

    private static TextTags items(byte[] bytes, int count) throws MalformedAudioException {
        ByteBuffer tag = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        TextTags tags = new TextTags();
        for (int i = 0; i < count && tag.remaining() >= 8; i++) {
            int length = tag.getInt();
            boolean text = (tag.getInt() & 6) == 0;
            String key = key(bytes, tag);
            if (length < 0 || length > tag.remaining()) {
                throw new MalformedAudioException("an APE item longer than its tag");
            }
            if (text && length <= MAX_VALUE_BYTES) {
                String value = new String(bytes, tag.position(), length, StandardCharsets.UTF_8);
                // Several values of one item are separated by NUL.
                for (String part : value.split("\0", -1)) {
                    tags.add(key, part);
                }
            }
            tag.position(tag.position() + length);
        }
        return tags;
    }

    private static String key(byte[] bytes, ByteBuffer tag) throws MalformedAudioException {
        int from = tag.position();
        while (tag.hasRemaining() && tag.position() - from <= MAX_KEY_BYTES) {
            if (tag.get() == 0) {
                return new String(bytes, from, tag.position() - 1 - from, StandardCharsets.US_ASCII);
            }
        }
        throw new MalformedAudioException("an APE item without the end of its key");
    }

    private static byte[] read(FileChannel channel, long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        ByteBuffer unread = ByteBuffer.wrap(bytes);
        while (unread.hasRemaining()) {
            if (channel.read(unread, from + unread.position()) < 0) {
                throw new MalformedAudioException("the file ends early");
            }
        }
        return bytes;
    }
}
