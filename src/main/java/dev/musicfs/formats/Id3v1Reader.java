package dev.musicfs.formats;

import java.util.Arrays;

/** The 128 bytes of ID3v1, with the track number that 1.1 put into the comment. */
final class Id3v1Reader {
    static final int BYTES = 128;

    private Id3v1Reader() {}

    /** @param at where {@code TAG} is */
    static FieldSource read(LayoutBytes bytes, long at, TagCharset charset) throws ParsingStopped {
        byte[] tag = bytes.bytes(at, BYTES);
        TextTags tags = new TextTags();
        tags.add("TITLE", text(tag, 3, 33, charset));
        tags.add("ARTIST", text(tag, 33, 63, charset));
        tags.add("ALBUM", text(tag, 63, 93, charset));
        tags.add("DATE", text(tag, 93, 97, charset));
        if (tag[125] == 0 && tag[126] != 0) {
            tags.add("TRACKNUMBER", Integer.toString(tag[126] & 0xFF));
        }
        tags.add("GENRE", Genres.name(tag[127] & 0xFF));
        return tags;
    }

    private static String text(byte[] tag, int from, int to, TagCharset charset) {
        int end = from;
        while (end < to && tag[end] != 0) {
            end++;
        }
        return charset.decode(Arrays.copyOfRange(tag, from, end));
    }
}
