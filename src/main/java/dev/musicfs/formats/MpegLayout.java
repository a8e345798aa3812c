package dev.musicfs.formats;

import dev.musicfs.model.AudioLayout;

/** MPEG audio of layers I to III and ADTS: frames without any container, told by the header of each. */
final class MpegLayout {
    /** How far behind the tags the first frame is looked for; some writers leave padding they do not count. */
    static final int SEARCH_BYTES = 64 << 10;

    /** One header is 11 bits of certainty; so many that follow each other are no accident. */
    private static final int FRAMES = 4;

    private static final int HEADER_BYTES = 7;

    private static final int[] LAYER1 = {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448};
    private static final int[] LAYER2 = {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384};
    private static final int[] LAYER3 = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
    private static final int[] LOW_LAYER1 = {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256};
    private static final int[] LOW_LAYERS2AND3 = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
    private static final int[] RATES = {44_100, 48_000, 32_000};

    private MpegLayout() {}

    /**
     * @param start the offset after the tags at the beginning
     * @param search whether something unknown may lie before the first frame
     */
    static AudioLayout layout(LayoutBytes bytes, long start, boolean search, Pictures pictures) throws ParsingStopped {
        long end = TrailerLayout.endOfAudio(bytes, start, pictures);
        long first = firstFrame(bytes, start, end, search ? SEARCH_BYTES : 1);
        if (first < 0) {
            throw ParsingStopped.malformed("no MPEG frames where they should begin");
        }
        return pictures.layout(first, end, "");
    }

    /** Where the first frame begins, looked for within so many bytes from {@code start}; negative when none does. */
    static long firstFrame(LayoutBytes bytes, long start, long end, long within) throws ParsingStopped {
        long limit = Math.min(end, start + within);
        for (long at = start; at < limit; at++) {
            if (bytes.u8(at) == 0xFF && isStream(bytes, at, end)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isStream(LayoutBytes bytes, long start, long end) throws ParsingStopped {
        long at = start;
        int expected = 0;
        for (int i = 0; i < FRAMES; i++) {
            if (end - at < HEADER_BYTES) {
                // The last frame may be cut off, the only one may not.
                return i > 1 || (i == 1 && at == end);
            }
            int header = (int) bytes.u32(at);
            int length = lengthOf(bytes, at, header);
            if (length < HEADER_BYTES || (i > 0 && constant(header) != expected)) {
                return false;
            }
            expected = constant(header);
            at += length;
        }
        return true;
    }

    static boolean isAdts(int header) {
        return (header >>> 16 & 0xFFF6) == 0xFFF0;
    }

    /** What all headers of a stream have in common: sync, version, layer, sample rate; for ADTS the profile as well. */
    private static int constant(int header) {
        return header & (isAdts(header) ? 0xFFFEFC00 : 0xFFFE0C00);
    }

    /** In bytes; 0 when it is no header. Free bit rates do not tell the length and are none. */
    static int lengthOf(LayoutBytes bytes, long at, int header) throws ParsingStopped {
        if (isAdts(header)) {
            // 13 bits across three bytes.
            return (header >>> 10 & 0xF) > 12 ? 0 : bytes.u24(at + 3) >>> 5 & 0x1FFF;
        }
        int version = header >>> 19 & 3;
        int layer = 4 - (header >>> 17 & 3);
        int bitRate = header >>> 12 & 0xF;
        int sampleRate = header >>> 10 & 3;
        boolean valid = header >>> 21 == 0x7FF && version != 1 && layer != 4;
        if (!valid || bitRate == 0 || bitRate == 15 || sampleRate == 3) {
            return 0;
        }
        int hertz = hertz(header);
        int bits = 1000 * kbps(header);
        int padding = header >>> 9 & 1;
        if (layer == 1) {
            return (12 * bits / hertz + padding) * 4;
        }
        return (layer == 3 && version != 3 ? 72 : 144) * bits / hertz + padding;
    }

    /** Of a header that is one. */
    static int kbps(int header) {
        return rates((header >>> 19 & 3) == 3, 4 - (header >>> 17 & 3))[header >>> 12 & 0xF];
    }

    /** Samples a second of a header that is one. */
    static int hertz(int header) {
        // 3 is MPEG 1, 2 is MPEG 2 with half its sample rates, 0 is MPEG 2.5 with a quarter.
        int version = header >>> 19 & 3;
        return RATES[header >>> 10 & 3] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    }

    private static int[] rates(boolean mpeg1, int layer) {
        return switch (layer) {
            case 1 -> mpeg1 ? LAYER1 : LOW_LAYER1;
            case 2 -> mpeg1 ? LAYER2 : LOW_LAYERS2AND3;
            default -> mpeg1 ? LAYER3 : LOW_LAYERS2AND3;
        };
    }
}
