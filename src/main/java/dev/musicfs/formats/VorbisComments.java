package dev.musicfs.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Vorbis comments. Those nobody asks for, such as pictures and lyrics, are passed over. */
final class VorbisComments {
    private static final int MAX_COMMENTS = 8192;

    /** The longest key that a field has is shorter. */
    private static final int KEY_BYTES = 40;

    private static final int MAX_TEXT_BYTES = 16 << 10;

    private VorbisComments() {}

    /** @param tags what there is is added here as it is read */
    static void read(TextCursor in, TextTags tags) throws ParsingStopped {
        in.skip(length(in));
        long count = length(in);
        for (int i = 0; i < Math.min(count, MAX_COMMENTS); i++) {
            long length = length(in);
            byte[] begin = in.read((int) Math.min(length, KEY_BYTES));
            int equals = 0;
            while (equals < begin.length && begin[equals] != '=') {
                equals++;
            }
            String key = new String(begin, 0, equals, StandardCharsets.ISO_8859_1);
            long rest = length - begin.length;
            if (equals < begin.length && tags.wants(key)) {
                byte[] more = in.read((int) Math.min(rest, MAX_TEXT_BYTES));
                rest -= more.length;
                byte[] value = new byte[begin.length - equals - 1 + more.length];
                System.arraycopy(begin, equals + 1, value, 0, begin.length - equals - 1);
                System.arraycopy(more, 0, value, begin.length - equals - 1, more.length);
                tags.add(key, TagCharset.GUESSED.decode(value).replace("\uFEFF", ""));
            }
            in.skip(rest);
        }
    }

    private static long length(TextCursor in) throws ParsingStopped {
        return Integer.toUnsignedLong(
                ByteBuffer.wrap(in.read(4)).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }
}
