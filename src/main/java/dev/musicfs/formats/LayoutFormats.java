package dev.musicfs.formats;

import dev.musicfs.model.AudioLayout;
import java.util.List;

/** Which parser a file's content asks for. */
final class LayoutFormats {
    /** WavPack, Monkey's Audio, Musepack, True Audio, TAK: nothing but their tags changes when they are tagged. */
    private static final List<String> TAGGED_AT_THE_END = List.of("wvpk", "MAC ", "MP+", "MPCK", "TTA1", "tBaK");

    /** ASF, DSF, DSDIFF: known, and not looked into. */
    private static final List<String> OPAQUE = List.of("0&\u00b2u\u008ef\u00cf\u0011", "DSD ", "FRM8");

    private LayoutFormats() {}

    /** @param extension lower-case; decides only what the content does not */
    static AudioLayout layout(LayoutBytes bytes, String extension) throws ParsingStopped {
        bytes.requireHead();
        Pictures pictures = new Pictures();
        long start = Id3v2Layout.skipAll(bytes, 0, pictures);
        if (bytes.matches(start, "fLaC")) {
            return FlacLayout.layout(bytes, start, pictures);
        }
        if (bytes.matches(start, "OggS")) {
            return OggLayout.layout(bytes, start, pictures);
        }
        if (ChunkLayout.isWave(bytes, start) || ChunkLayout.isAiff(bytes, start)) {
            return ChunkLayout.layout(bytes, start, pictures);
        }
        if (Mp4Layout.isMp4(bytes, start)) {
            return Mp4Layout.layout(bytes, start, pictures);
        }
        if (matchesAny(bytes, start, TAGGED_AT_THE_END)) {
            long end = TrailerLayout.endOfAudio(bytes, start, pictures);
            return pictures.layout(start, end, "");
        }
        if (matchesAny(bytes, start, OPAQUE)) {
            return AudioLayout.unknown(bytes.size());
        }
        // Frames have no magic: elsewhere than in files called so they have to begin at once.
        boolean expected = extension.equals("mp3") || AudioFormats.isAdts(extension);
        return MpegLayout.layout(bytes, start, expected, pictures);
    }

    private static boolean matchesAny(LayoutBytes bytes, long at, List<String> magics) throws ParsingStopped {
        for (String magic : magics) {
            if (bytes.matches(at, magic)) {
                return true;
            }
        }
        return false;
    }
}
