package dev.musicfs.model;

import java.util.List;

/**
 * Where the parts of an audio file lie. What is before {@code audioStart} is the header, what is at or after
 * {@code audioEnd} the trailer; the audio itself does not change when a file is tagged anew.
 *
 * @param audioStart offset of the first byte of audio, in bytes
 * @param audioEnd offset after the last byte of audio, exclusive
 * @param pictures embedded pictures in header or trailer, whole and nothing else, in order of their offsets, not
 *     overlapping; none inside the audio
 * @param streamHash what the file itself says about its audio (the MD5 of FLAC's STREAMINFO, 32 hexadecimal digits), or
 *     empty
 */
public record AudioLayout(long audioStart, long audioEnd, List<ByteRange> pictures, String streamHash) {
    /** Keeps its own copy of the pictures and refuses what contradicts the description above. */
    public AudioLayout {
        pictures = List.copyOf(pictures);
        if (audioStart < 0 || audioEnd < audioStart) {
            throw new IllegalArgumentException("not an audio range: " + audioStart + " to " + audioEnd);
        }
        long end = 0;
        for (ByteRange picture : pictures) {
            boolean besideAudio = picture.end() <= audioStart || picture.offset() >= audioEnd;
            if (picture.offset() < end || !besideAudio) {
                throw new IllegalArgumentException("a picture overlaps something: " + picture);
            }
            end = picture.end();
        }
    }

    /** The layout of a file nothing is known about: all of it counts as audio. */
    public static AudioLayout unknown(long sizeBytes) {
        return new AudioLayout(0, sizeBytes, List.of(), "");
    }
}
