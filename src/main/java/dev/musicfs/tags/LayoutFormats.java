package dev.musicfs.tags;

import dev.musicfs.model.AudioLayout;

/** Which parser a file's content asks for. */
final class LayoutFormats {
    private LayoutFormats() {}

    static AudioLayout layout(LayoutBytes bytes, String extension) throws ParsingStopped {
        bytes.requireHead();
        Pictures pictures = new Pictures();
        long start = Id3v2Layout.skipAll(bytes, 0, pictures);
        if (bytes.matches(start, "fLaC")) {
            return FlacLayout.layout(bytes, start, pictures);
        }
        if (extension.equals("mp3") || AudioFormats.isAdts(extension)) {
            return MpegLayout.layout(bytes, start, pictures);
        }
        throw ParsingStopped.malformed("not a format known here");
    }
}
