package dev.musicfs.cli;

import java.util.Locale;

/** Numbers of bytes for people. */
final class Sizes {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Sizes() {}

    /** Such as {@code 512 B} or {@code 9.3 GiB}. */
    static String text(long bytes) {
        double number = bytes;
        int unit = 0;
        // 1,023.95 would be rounded to 1,024.0.
        while (number >= 1023.95 && unit < UNITS.length - 1) {
            number /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", number, UNITS[unit]);
    }
}
