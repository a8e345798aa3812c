package dev.musicfs.formats;

import java.util.ArrayList;
import java.util.List;

/**
 * One walk over a file for its tags and its length. The content says what it is. Every kind of tag that a file can carry is
 * looked for and they are merged field by field: the format's own first, then ID3v2, APE, ID3v1; in bare MPEG audio, whose
 * own they are, in this order too.
 */
final class TagWalk {
    private static final int MAX_ID3_TAGS = 16;

    private final LayoutBytes bytes;
    private final FoundTags found;
    private final List<FieldSource> id3v2 = new ArrayList<>();
    private final TrailerReader trailer = new TrailerReader();
    private boolean packed;

    /** @param finish whether there is no more to be had of the file than what is known of it */
    TagWalk(LayoutBytes bytes, TagCharset charset, boolean finish) {
        this.bytes = bytes;
        this.found = new FoundTags(charset, finish);
    }

    /**
     * What there is.
     *
     * @param search how many bytes before the first frame of bare MPEG audio may be something else
     */
    AudioFacts read(String extension, long search) throws ParsingStopped {
        if (bytes.size() == 0) {
            throw ParsingStopped.malformed("it is empty");
        }
        long start = leading();
        found.section(() -> content(start, extension, search));
        found.section(() -> trailer.read(bytes, Math.min(start, bytes.size()), found.charset()));
        FieldSource all = FieldSource.merged(inOrder());
        if (!found.isRecognised() && !saysAnything(all)) {
            throw ParsingStopped.malformed(found.trouble());
        }
        return new AudioFacts(all, found.sound().millis(), found.sound().kbps());
    }

    private List<FieldSource> inOrder() {
        List<FieldSource> order = new ArrayList<>(found.own());
        if (packed) {
            order.add(trailer.ape);
        }
        order.addAll(id3v2);
        order.addAll(trailer.id3v2);
        order.add(trailer.ape);
        order.addAll(trailer.id3v1);
        return order;
    }

    private static boolean saysAnything(FieldSource tags) {
        for (Field field : Field.values()) {
            if (!TagText.first(tags.values(field)).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Reads the ID3v2 tags at the beginning; where they end. */
    private long leading() throws ParsingStopped {
        long at = 0;
        for (int i = 0; i < MAX_ID3_TAGS; i++) {
            long size = Id3v2Layout.sizeAt(bytes, at, "ID3");
            if (size == 0) {
                break;
            }
            long from = at;
            long end = Math.min(at + size, bytes.size());
            found.section(() -> Id3v2Reader.read(bytes, from, end, found.charset(), id3v2));
            at = end;
        }
        return at;
    }

    private void content(long start, String extension, long search) throws ParsingStopped {
        if (bytes.matches(start, "fLaC")) {
            FlacTags.read(bytes, start, found);
        } else if (bytes.matches(start, "OggS")) {
            OggTags.read(bytes, start, found);
        } else if (ChunkLayout.isWave(bytes, start) || ChunkLayout.isAiff(bytes, start)) {
            ChunkTags.read(bytes, start, found);
        } else if (Mp4Layout.isMp4(bytes, start)) {
            Mp4Tags.read(bytes, start, found);
        } else if (bytes.matches(start, AsfTags.MAGIC)) {
            AsfTags.read(bytes, start, found);
        } else if (bytes.matches(start, "DSD ")) {
            DsdTags.dsf(bytes, start, found);
        } else if (bytes.matches(start, "FRM8")) {
            DsdTags.dsdiff(bytes, start, found);
        } else if (PackedSound.isPacked(bytes, start)) {
            packed = true;
            found.sound(Sound.UNKNOWN);
            found.sound(PackedSound.at(bytes, start));
        } else {
            mpeg(start, extension, search);
        }
    }

    private void mpeg(long start, String extension, long search) throws ParsingStopped {
        long end = TrailerLayout.endOfAudio(bytes, start, new Pictures());
        long frame = MpegLayout.firstFrame(bytes, start, end, search);
        if (frame >= 0) {
            found.sound(MpegSound.at(bytes, frame, end));
        } else if (AudioFormats.isAdts(extension) && end - start >= 2 && (bytes.u16(start) & 0xFFF6) == 0xFFF0) {
            found.sound(Sound.UNKNOWN);
        }
    }
}
