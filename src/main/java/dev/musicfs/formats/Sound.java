package dev.musicfs.formats;

/**
 * What the headers say of the sound itself.
 *
 * @param millis 0 when unknown
 * @param kbps 0 when unknown
 */
record Sound(long millis, int kbps) {
    static final Sound UNKNOWN = new Sound(0, 0);

    /** Longer is no music, and more likely a damaged header. */
    private static final long MAX_MILLIS = 1000L * 3600 * 24 * 30;

    Sound {
        millis = millis < 0 || millis > MAX_MILLIS ? 0 : millis;
        kbps = Math.max(0, kbps);
    }

    /** With the mean bit rate of {@code audioBytes} of {@code samples} at so many a second. */
    static Sound of(long samples, long rate, long audioBytes) {
        return ofRate(samples, (double) rate, audioBytes);
    }

    /** The same where a second has no whole number of them. */
    static Sound ofRate(long samples, double rate, long audioBytes) {
        double millis = (double) samples * 1000 / rate;
        boolean known = samples > 0 && rate > 0 && millis < MAX_MILLIS;
        return known ? ofMillis(Math.round(millis), audioBytes) : UNKNOWN;
    }

    static Sound ofMillis(long millis, long audioBytes) {
        if (millis <= 0 || millis > MAX_MILLIS) {
            return UNKNOWN;
        }
        return new Sound(millis, (int) Math.min(
                audioBytes / Math.max(1, millis) * 8 + audioBytes % Math.max(1, millis) * 8 / millis,
                Integer.MAX_VALUE));
    }
}
