package dev.musicfs.model;

import java.util.Locale;

/**
 * The number of a track as {@link TrackTags#track} keeps it: a number from 1 to {@link #MOST}, or a side of a record and
 * the number on it, such as {@code A1}, which come in the order of the sides.
 */
public final class TrackNumber {
    /** The largest number. */
    public static final int MOST = 999_999;

    private static final int SIDE = MOST + 1;

    private TrackNumber() {}

    /**
     * A track on a side of a record.
     *
     * @param side A to Z
     * @param number 0 when the side has only one
     */
    public static int ofSide(char side, int number) {
        if (side < 'A' || side > 'Z' || number < 0 || number > MOST) {
            throw new IllegalArgumentException("no side and number: " + side + number);
        }
        return (side - 'A' + 1) * SIDE + number;
    }

    /** {@code 01}, {@code A1}; empty for 0, which is no number. */
    public static String text(int track) {
        if (track < SIDE) {
            return track <= 0 ? "" : String.format(Locale.ROOT, "%02d", track);
        }
        int number = track % SIDE;
        return (char) ('A' + track / SIDE - 1) + (number == 0 ? "" : Integer.toString(number));
    }
}
