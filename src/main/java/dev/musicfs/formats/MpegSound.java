package dev.musicfs.formats;

/** The length of MPEG audio, by what the encoder wrote into the first frame, else by its bit rate. */
final class MpegSound {
    /** ISO/IEC 14496-3, table 1.18. */
    private static final int[] ADTS_RATES = {
        96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350
    };
    /** A second and a half at 44.1 kHz. */
    private static final int ADTS_FRAMES = 64;

    private MpegSound() {}

    /** @param frame where the first frame is, of audio that ends before {@code end} */
    static Sound at(LayoutBytes bytes, long frame, long end) throws ParsingStopped {
        int header = (int) bytes.u32(frame);
        if (MpegLayout.isAdts(header)) {
            return adts(bytes, frame, end);
        }
        boolean first = (header >>> 19 & 3) == 3;
        int layer = 4 - (header >>> 17 & 3);
        int samples = layer == 1 ? 384 : layer == 3 && !first ? 576 : 1152;
        long frames = frames(bytes, frame, end, first, (header >>> 6 & 3) == 3);
        int hertz = MpegLayout.hertz(header);
        if (frames > 0) {
            return Sound.of(frames * samples, hertz, end - frame);
        }
        int kbps = MpegLayout.kbps(header);
        return kbps == 0 ? Sound.UNKNOWN : new Sound((end - frame) * 8 / kbps, kbps);
    }

    /** Each frame has its own length, and nothing tells how many there are: as if all were like the first ones. */
    private static Sound adts(LayoutBytes bytes, long start, long end) throws ParsingStopped {
        int rate = (int) (bytes.u32(start) >>> 10 & 0xF);
        long samples = 0;
        long at = start;
        for (int frames = 0; frames < ADTS_FRAMES && end - at >= 7; frames++) {
            int header = (int) bytes.u32(at);
            int length = MpegLayout.isAdts(header) ? MpegLayout.lengthOf(bytes, at, header) : 0;
            if (length < 7 || length > end - at) {
                break;
            }
            samples += 1024L * ((bytes.u8(at + 6) & 3) + 1);
            at += length;
        }
        // Headers of other rates have no length.
        if (samples == 0) {
            return Sound.UNKNOWN;
        }
        return Sound.ofRate(Math.round((double) samples / (at - start) * (end - start)), ADTS_RATES[rate], end - start);
    }

    /** As Xing, LAME and Fraunhofer write it; 0 when it is not said. */
    private static long frames(LayoutBytes bytes, long frame, long end, boolean first, boolean mono)
            throws ParsingStopped {
        long xing = frame + 4 + (first ? (mono ? 17 : 32) : mono ? 9 : 17);
        if (end - xing >= 12 && (bytes.matches(xing, "Xing") || bytes.matches(xing, "Info"))) {
            return (bytes.u32(xing + 4) & 1) != 0 ? bytes.u32(xing + 8) : 0;
        }
        long vbri = frame + 36;
        return end - vbri >= 18 && bytes.matches(vbri, "VBRI") ? bytes.u32(vbri + 14) : 0;
    }
}
