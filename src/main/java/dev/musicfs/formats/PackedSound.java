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
        return Sound.UNKNOWN;
    }
}
