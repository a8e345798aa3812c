package dev.musicfs.formats;

import java.util.ArrayList;
import java.util.List;

/** The texts of the tags behind the audio: ID3v1, APE, and ID3v2.4 with a footer, in any order. */
final class TrailerReader {
    private static final int MAX_TAGS = 8;
    private static final int APE_FOOTER_BYTES = 32;

    final List<FieldSource> id3v2 = new ArrayList<>();
    final TextTags ape = new TextTags();
    final List<FieldSource> id3v1 = new ArrayList<>();

    /** Where the first of the tags begins; never before {@code start}. */
    long read(LayoutBytes bytes, long start, TagCharset charset) throws ParsingStopped {
        long end = bytes.size();
        for (int i = 0; i < MAX_TAGS; i++) {
            long tag = TrailerLayout.tagEndingAt(bytes, start, end, new Pictures());
            if (tag < 0) {
                break;
            }
            if (end - start >= Id3v1Reader.BYTES && bytes.matches(end - Id3v1Reader.BYTES, "TAG")) {
                id3v1.add(Id3v1Reader.read(bytes, end - Id3v1Reader.BYTES, charset));
            } else if (bytes.matches(end - APE_FOOTER_BYTES, "APETAGEX")) {
                ApeReader.read(bytes, end, ape);
            } else if (bytes.matches(tag, "ID3")) {
                Id3v2Reader.read(bytes, tag, end - Id3v2Layout.HEADER_BYTES, charset, id3v2);
            }
            end = tag;
        }
        return end;
    }
}
