package dev.musicfs.formats;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The pictures found while a layout is read, in any order. */
final class Pictures {
    /** A file has one, seldom three; beyond this they stay unmarked. */
    private static final int MAX = 64;

    private final List<ByteRange> found = new ArrayList<>();

    /** A picture in {@code [from, end)}; nothing when that is empty. */
    void add(long from, long end) {
        if (from < end && found.size() < MAX) {
            found.add(new ByteRange(from, end - from));
        }
    }

    /** The layout with the pictures beside the audio; of two that overlap, as damaged files have them, the first. */
    AudioLayout layout(long audioStart, long audioEnd, String streamHash) {
        List<ByteRange> kept = new ArrayList<>();
        found.sort(Comparator.comparingLong(ByteRange::offset).thenComparingLong(ByteRange::length));
        long end = 0;
        for (ByteRange picture : found) {
            boolean besideAudio = picture.end() <= audioStart || picture.offset() >= audioEnd;
            if (picture.offset() >= end && besideAudio) {
                kept.add(picture);
                end = picture.end();
            }
        }
        return new AudioLayout(audioStart, audioEnd, kept, streamHash);
    }
}
