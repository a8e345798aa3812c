package dev.musicfs.formats;

import java.util.ArrayList;
import java.util.List;

/** The ID3 tags and lengths of DSF and DSDIFF. */
final class DsdTags {
    private static final int MAX_CHUNKS = 1024;

    private DsdTags() {}

    /** The head tells where the ID3 tag at the end begins. */
    static void dsf(LayoutBytes bytes, long start, FoundTags found) throws ParsingStopped {
        found.section(() -> id3(bytes, bytes.u64le(start + 20), bytes.size(), found));
        if (bytes.matches(start + 28, "fmt ")) {
            found.sound(Sound.of(bytes.u64le(start + 64), bytes.u32le(start + 56), bytes.size()));
        }
    }

    static void dsdiff(LayoutBytes bytes, long start, FoundTags found) throws ParsingStopped {
        chunks(bytes, start + 16, bytes.size(), found, new long[2]);
    }

    private static void chunks(LayoutBytes bytes, long from, long end, FoundTags found, long[] rates)
            throws ParsingStopped {
        long at = from;
        for (int i = 0; i < MAX_CHUNKS && end - at >= 12; i++) {
            String name = bytes.name(at, 4);
            long length = bytes.u64(at + 4);
            long payload = at + 12;
            if (length < 0 || length > end - payload) {
                return;
            }
            long chunkEnd = payload + length;
            switch (name) {
                case "PROP" -> found.section(() -> chunks(bytes, payload + 4, chunkEnd, found, rates));
                case "FS  " -> rates[0] = bytes.u32(payload);
                case "CHNL" -> rates[1] = bytes.u16(payload);
                case "DSD " -> found.sound(Sound.of(length * 8, rates[0] * rates[1], length));
                case "DST " -> found.sound(Sound.UNKNOWN);
                case "ID3 " -> found.section(() -> id3(bytes, payload, chunkEnd, found));
                default -> {
                    // Nothing that is asked for.
                }
            }
            at = chunkEnd + (length & 1);
        }
    }

    private static void id3(LayoutBytes bytes, long at, long end, FoundTags found) throws ParsingStopped {
        if (at <= 0 || at >= end) {
            return;
        }
        long size = Id3v2Layout.sizeAt(bytes, at, "ID3");
        if (size > 0) {
            List<FieldSource> frames = new ArrayList<>();
            try {
                Id3v2Reader.read(bytes, at, Math.min(end, at + size), found.charset(), frames);
            } finally {
                frames.forEach(found::own);
            }
        }
    }
}
