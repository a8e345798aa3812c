package dev.musicfs.formats;

import dev.musicfs.model.AudioLayout;

/** WAV (RIFF, RF64 and BW64 of EBU Tech 3306) and AIFF: chunks of a name and a length, padded to an even length. */
final class ChunkLayout {
    private static final int HEADER_BYTES = 8;
    private static final int MAX_CHUNKS = 1024;

    /** What RF64 writes where 32 bits do not suffice, and what some recorders leave when they are cut off. */
    private static final long NOT_HERE = 0xFFFFFFFFL;

    private final LayoutBytes bytes;
    private final boolean aiff;
    private final Pictures pictures;
    private long dataLength = NOT_HERE;
    private long audioStart = -1;
    private long audioEnd;

    private ChunkLayout(LayoutBytes bytes, boolean aiff, Pictures pictures) {
        this.bytes = bytes;
        this.aiff = aiff;
        this.pictures = pictures;
    }

    /** Whether a RIFF, RF64 or BW64 file of waves begins here. */
    static boolean isWave(LayoutBytes bytes, long at) throws ParsingStopped {
        boolean riff = bytes.matches(at, "RIFF") || bytes.matches(at, "RF64") || bytes.matches(at, "BW64");
        return riff && bytes.matches(at + 8, "WAVE");
    }

    /** Whether an AIFF or AIFC file begins here. */
    static boolean isAiff(LayoutBytes bytes, long at) throws ParsingStopped {
        return bytes.matches(at, "FORM") && (bytes.matches(at + 8, "AIFF") || bytes.matches(at + 8, "AIFC"));
    }

    /** @param start where {@link #isWave} or {@link #isAiff} holds */
    static AudioLayout layout(LayoutBytes bytes, long start, Pictures pictures) throws ParsingStopped {
        bytes.setFetchBytes(4 << 10);
        ChunkLayout layout = new ChunkLayout(bytes, bytes.matches(start, "FORM"), pictures);
        layout.walk(start + 12);
        return pictures.layout(layout.audioStart, layout.audioEnd, "");
    }

    private void walk(long from) throws ParsingStopped {
        long at = from;
        for (int i = 0; i < MAX_CHUNKS && bytes.size() - at >= HEADER_BYTES; i++) {
            long payload = at + HEADER_BYTES;
            long length = aiff ? bytes.u32(at + 4) : bytes.u32le(at + 4);
            boolean audio = audioStart < 0 && bytes.matches(at, aiff ? "SSND" : "data");
            if (audio && length == NOT_HERE && !aiff) {
                length = dataLength;
            }
            long left = bytes.size() - payload;
            if (audio) {
                // Of a recording that was cut off there is what there is.
                length = length < 0 ? left : Math.min(length, left);
                // SSND begins with an offset and a block size.
                audioStart = aiff ? Math.min(payload + 8, payload + length) : payload;
                audioEnd = payload + length;
            } else if (length > left) {
                // Once the audio is found, what follows it is trailer, whatever it is.
                break;
            } else {
                other(at, payload, length);
            }
            at = payload + length + (length & 1);
        }
        if (audioStart < 0) {
            throw ParsingStopped.malformed("no chunk of audio");
        }
    }

    private void other(long at, long payload, long length) throws ParsingStopped {
        if (bytes.matches(at, "ds64") && length >= 24) {
            dataLength = bytes.u64le(payload + 8);
        } else if (length >= Id3v2Layout.HEADER_BYTES && (bytes.matches(at, "id3 ") || bytes.matches(at, "ID3 "))) {
            long size = Id3v2Layout.sizeAt(bytes, payload, "ID3");
            if (size > 0 && size <= length) {
                Id3v2Layout.pictures(bytes, payload, payload + size, pictures);
            }
        }
    }
}
