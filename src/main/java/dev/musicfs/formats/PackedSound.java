package dev.musicfs.formats;

import java.util.List;

/** What WavPack, Monkey's Audio, Musepack, True Audio, TAK and OptimFROG say of their length; their tags are APE. */
final class PackedSound {
    private static final List<String> MAGICS = List.of("wvpk", "MAC ", "MP+", "MPCK", "TTA1", "TTA2", "tBaK", "OFR ");
    private static final int[] WAVPACK_RATES = {
        6000, 8000, 9600, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000, 192000, 0
    };
    private static final int[] MUSEPACK_RATES = {44100, 48000, 37800, 32000};

    private PackedSound() {}

    static boolean isPacked(LayoutBytes bytes, long at) throws ParsingStopped {
        for (String magic : MAGICS) {
            if (bytes.matches(at, magic)) {
                return true;
            }
        }
        return false;
    }

    static Sound at(LayoutBytes bytes, long at) throws ParsingStopped {
        long size = bytes.size();
        if (size - at < 80) {
            return Sound.UNKNOWN;
        }
        if (bytes.matches(at, "wvpk")) {
            long samples = bytes.u32le(at + 12);
            return Sound.of(
                    samples == 0xFFFFFFFFL ? 0 : samples,
                    WAVPACK_RATES[(int) (bytes.u32le(at + 24) >>> 23 & 15)],
                    size);
        }
        if (bytes.matches(at, "MAC ") && bytes.u16le(at + 4) >= 3980) {
            long header = at + bytes.u32le(at + 8);
            if (header > size - 24) {
                return Sound.UNKNOWN;
            }
            long frames = bytes.u32le(header + 12);
            long samples = frames == 0 ? 0 : (frames - 1) * bytes.u32le(header + 4) + bytes.u32le(header + 8);
            return Sound.of(samples, bytes.u32le(header + 20), size);
        }
        if (bytes.matches(at, "MP+") && (bytes.u8(at + 3) & 15) == 7) {
            return Sound.of(bytes.u32le(at + 4) * 1152, MUSEPACK_RATES[(int) (bytes.u32le(at + 8) >>> 16 & 3)], size);
        }
        if (bytes.matches(at, "TTA1")) {
            return Sound.of(bytes.u32le(at + 14), bytes.u32le(at + 10), size);
        }
        if (bytes.matches(at, "tBaK")) {
            return tak(bytes, at);
        }
        return bytes.matches(at, "MPCK") ? musepack8(bytes, at) : Sound.UNKNOWN;
    }

    /** As libavcodec's tak.c has it: blocks of a kind and a length, the first of which tells of the stream, low bits first. */
    private static Sound tak(LayoutBytes bytes, long at) throws ParsingStopped {
        boolean ofTheStream = (bytes.u8(at + 4) & 0x7F) == 1;
        // Behind 6 bits for the codec, 4 for the profile and 4 for the length of frames: 35 bits, 3 others, 18 bits.
        long samples = bytes.u64le(at + 8) >>> 14 & (1L << 35) - 1;
        long rate = (bytes.u64le(at + 14) >>> 4 & (1L << 18) - 1) + 6000;
        return ofTheStream ? Sound.of(samples, rate, bytes.size()) : Sound.UNKNOWN;
    }

    /** SV8: packets of two letters and a length; SH, which comes before all sound, tells of the stream. */
    private static Sound musepack8(LayoutBytes bytes, long start) throws ParsingStopped {
        long at = start + 4;
        for (int packets = 0; packets < 16 && at < bytes.size() - 32; packets++) {
            Varint size = Varint.at(bytes, at + 2);
            if (bytes.matches(at, "SH") && bytes.u8(size.end() + 4) == 8) {
                Varint samples = Varint.at(bytes, size.end() + 5);
                Varint silence = Varint.at(bytes, samples.end());
                int rate = bytes.u8(silence.end()) >>> 5;
                return rate >= MUSEPACK_RATES.length
                        ? Sound.UNKNOWN
                        : Sound.of(samples.value() - silence.value(), MUSEPACK_RATES[rate], bytes.size());
            }
            at += Math.max(3, size.value());
        }
        return Sound.UNKNOWN;
    }

    /** Seven bits a byte, the highest first; all but the last have their top bit set. At most 63 bits count. */
    private record Varint(long value, long end) {
        static Varint at(LayoutBytes bytes, long start) throws ParsingStopped {
            long value = 0;
            for (int i = 0; i < 9; i++) {
                int one = bytes.u8(start + i);
                value = (value << 7) | (one & 0x7F);
                if (one < 0x80) {
                    return new Varint(value, start + i + 1);
                }
            }
            throw ParsingStopped.malformed("a number has no end");
        }
    }
}
