package dev.musicfs.formats;

import java.util.ArrayList;
import java.util.List;

/** The ID3 tags and lengths of DSF and DSDIFF. */
final class DsdTags {
    private static final int MAX_CHUNKS = 1024;

    private DsdTags() {}

    /** The head tells where the ID3 tag at the end begins. */
    static void dsf(LayoutBytes bytes, long start, TagWalk walk) throws ParsingStopped {
        walk.section(() -> id3(bytes, bytes.u64le(start + 20), bytes.size(), walk));
        if (bytes.matches(start + 28, "fmt ")) {
            walk.sound(Sound.of(bytes.u64le(start + 64), bytes.u32le(start + 56), bytes.size()));
        }
    }

    static void dsdiff(LayoutBytes bytes, long start, TagWalk walk) throws ParsingStopped {
        chunks(bytes, start + 16, bytes.size(), walk, new long[2]);
    }

    private static void chunks(LayoutBytes bytes, long from, long end, TagWalk walk, long[] rates)
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
                case "PROP" -> walk.section(() -> chunks(bytes, payload + 4, chunkEnd, walk, rates));
                case "FS  " -> rates[0] = bytes.u32(payload);
                case "CHNL" -> rates[1] = bytes.u16(payload);
                case "DSD " -> walk.sound(Sound.of(length * 8, rates[0] * rates[1], length));
                case "DST " -> walk.sound(Sound.UNKNOWN);
                case "ID3 " -> walk.section(() -> id3(bytes, payload, chunkEnd, walk));
                default -> {
                    // Nothing that is asked for.
                }
            }
            at = chunkEnd + (length & 1);
        }
    }

    private static void id3(LayoutBytes bytes, long at, long end, TagWalk walk) throws ParsingStopped {
        if (at <= 0 || at >= end) {
            return;
        }
        long size = Id3v2Layout.sizeAt(bytes, at, "ID3");
        if (size > 0) {
            List<FieldSource> found = new ArrayList<>();
            try {
                Id3v2Reader.read(bytes, at, Math.min(end, at + size), walk.charset(), found);
            } finally {
                found.forEach(walk::own);
            }
        }
    }
}
