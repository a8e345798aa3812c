package dev.musicfs.formats;

import java.util.ArrayList;
import java.util.List;

/**
 * The texts of WAV (RIFF, RF64 and BW64) and AIFF: an ID3 tag in a chunk of its own, {@code LIST INFO}, and the text chunks
 * of AIFF. What follows the last chunk that makes sense is trailer.
 */
final class ChunkTags {
    private static final int MAX_CHUNKS = 1024;
    private static final int MAX_TEXT_BYTES = 16 << 10;
    private static final long NOT_HERE = 0xFFFFFFFFL;

    private final LayoutBytes bytes;
    private final boolean aiff;
    private final FoundTags found;
    private final TextTags texts = new TextTags(Field.Spelling.RIFF);
    private long dataLength = NOT_HERE;
    private long byteRate;
    private long audioBytes = -1;
    private long samples;
    private double rate;

    private ChunkTags(LayoutBytes bytes, boolean aiff, FoundTags found) {
        this.bytes = bytes;
        this.aiff = aiff;
        this.found = found;
    }

    /** @param start where {@link ChunkLayout#isWave} or {@link ChunkLayout#isAiff} holds */
    static void read(LayoutBytes bytes, long start, FoundTags found) throws ParsingStopped {
        bytes.setFetchBytes(4 << 10);
        ChunkTags tags = new ChunkTags(bytes, bytes.matches(start, "FORM"), found);
        List<FieldSource> id3 = new ArrayList<>();
        try {
            tags.walk(start + 12, id3);
        } finally {
            id3.forEach(found::own);
            found.own(tags.texts);
            tags.sound();
        }
    }

    private void sound() {
        if (aiff && (samples > 0 || audioBytes >= 0)) {
            found.sound(Sound.ofRate(samples, rate, Math.max(0, audioBytes)));
        } else if (audioBytes > 0 && byteRate > 0) {
            found.sound(Sound.of(audioBytes, byteRate, audioBytes));
        } else if (audioBytes >= 0) {
            found.sound(Sound.UNKNOWN);
        }
    }

    private void walk(long from, List<FieldSource> id3) throws ParsingStopped {
        long at = from;
        for (int i = 0; i < MAX_CHUNKS && bytes.size() - at >= 8; i++) {
            long payload = at + 8;
            long left = bytes.size() - payload;
            String name = bytes.name(at, 4);
            long length = aiff ? bytes.u32(at + 4) : bytes.u32le(at + 4);
            boolean audio = name.equals(aiff ? "SSND" : "data");
            if (audio) {
                length = length == NOT_HERE && !aiff ? dataLength : length;
                // Of a recording that was cut off there is what there is.
                length = length < 0 ? left : Math.min(length, left);
                audioBytes = audioBytes < 0 ? length : audioBytes;
            } else if (length > left) {
                return;
            } else {
                long end = payload + length;
                found.section(() -> chunk(name, payload, end, id3));
            }
            at = payload + length + (length & 1);
        }
    }

    private void chunk(String name, long payload, long end, List<FieldSource> id3) throws ParsingStopped {
        long length = end - payload;
        if (name.equals("ds64") && length >= 24) {
            dataLength = bytes.u64le(payload + 8);
        } else if (name.equals("fmt ") && length >= 12) {
            byteRate = bytes.u32le(payload + 8);
        } else if (name.equals("COMM") && aiff && length >= 18) {
            samples = bytes.u32(payload + 2);
            rate = extended(payload + 8);
        } else if (name.equals("id3 ") || name.equals("ID3 ")) {
            long size = Id3v2Layout.sizeAt(bytes, payload, "ID3");
            if (size > 0) {
                Id3v2Reader.read(bytes, payload, Math.min(end, payload + size), found.charset(), id3);
            }
        } else if (name.equals("LIST") && bytes.matches(payload, "INFO")) {
            info(payload + 4, end);
        } else if (aiff && texts.wants(name)) {
            add(name, payload, length);
        }
    }

    /** Programs disagree on whether these are padded to an even length, and some pad with more than one zero. */
    private void info(long from, long end) throws ParsingStopped {
        long at = from;
        for (int i = 0; i < MAX_CHUNKS && end - at >= 8; i++) {
            if (bytes.u8(at) == 0) {
                at++;
                continue;
            }
            long length = bytes.u32le(at + 4);
            if (length > end - at - 8) {
                throw ParsingStopped.malformed("a RIFF text longer than its list");
            }
            add(bytes.name(at, 4), at + 8, length);
            at += 8 + length;
        }
    }

    private void add(String name, long payload, long length) throws ParsingStopped {
        if (texts.wants(name)) {
            texts.add(name, found.charset().decode(bytes.bytesUpTo(payload, length, MAX_TEXT_BYTES)));
        }
    }

    /** An 80-bit number of IEEE 754. */
    private double extended(long at) throws ParsingStopped {
        int exponent = (bytes.u16(at) & 0x7FFF) - 16383 - 63;
        long mantissa = bytes.u64(at + 2);
        double value = mantissa >= 0 ? (double) mantissa : (double) (mantissa >>> 1) * 2;
        return value * Math.pow(2, exponent);
    }
}
