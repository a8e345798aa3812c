package dev.musicfs.testkit;

import java.util.List;

/** The kinds of file {@link TestAudio} makes. */
@SuppressWarnings("ImmutableEnumChecker") // List.of is immutable; its type does not say so.
public enum AudioEncoding {
    FLAC("flac", "-c:a", "flac"),
    MP3_ID3V23("mp3", "-c:a", "libmp3lame", "-b:a", "96k", "-id3v2_version", "3"),
    MP3_ID3V24("mp3", "-c:a", "libmp3lame", "-b:a", "96k", "-id3v2_version", "4"),
    OGG_VORBIS("ogg", "-c:a", "libvorbis", "-q:a", "1"),
    OGG_FLAC("oga", "-c:a", "flac", "-f", "ogg"),
    OPUS("opus", "-c:a", "libopus", "-b:a", "48k"),
    M4A_AAC("m4a", "-c:a", "aac", "-b:a", "64k"),
    M4A_ALAC("m4a", "-c:a", "alac"),
    WAV("wav", "-c:a", "pcm_s16le"),
    AIFF("aiff", "-write_id3v2", "1"),
    WAVPACK("wv", "-c:a", "wavpack"),
    WMA("wma", "-c:a", "wmav2", "-b:a", "64k"),
    ADTS("aac", "-c:a", "aac", "-f", "adts");

    private final String extension;
    private final List<String> arguments;

    AudioEncoding(String extension, String... arguments) {
        this.extension = extension;
        this.arguments = List.of(arguments);
    }

    /** What files of this kind are called, without the dot. */
    public String extension() {
        return extension;
    }

    /** What ffmpeg 5 has to be told where it knows no name of its own for a tag that other programs write. */
    String nameOf(String tag) {
        if (this != WMA) {
            return tag;
        }
        return switch (tag) {
            case "date" -> "WM/Year";
            case "compilation" -> "WM/IsCompilation";
            default -> tag;
        };
    }

    List<String> arguments() {
        return arguments;
    }
}
