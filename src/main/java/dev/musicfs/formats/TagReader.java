package dev.musicfs.formats;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.TrackTags;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;

/** Reads the tags of audio files. Safe for any number of threads; never writes to a file. */
public final class TagReader {
    /** The tags of local files. */
    public TagReader() {}

    /**
     * The tags of one file; a sound file without tags has {@link TrackTags#unknown its format} and its duration. Blocks on
     * the disk. Text is trimmed and in NFC; several artists are joined by {@code "; "}.
     *
     * @param file need not be called what it is
     * @param extension chooses the parser: without the dot, any case
     * @throws MusicFsException {@code CORRUPT} when the file could be read and is damaged; {@code INVALID} when it is not a
     *     regular file or not {@link AudioFormats#isAudio audio} by its extension; else what kept it from being read
     */
    public TrackTags readBlocking(Path file, String extension) {
        String lower = extension.toLowerCase(Locale.ROOT);
        if (!AudioFormats.isAudio(lower)) {
            throw new MusicFsException(FailureKind.INVALID, "not an audio file by its extension: " + file);
        }
        try {
            // A FIFO would keep us for ever.
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                throw new MusicFsException(FailureKind.INVALID, "not a regular file: " + file);
            }
            return facts(file, lower).toTags(AudioFormats.formatOf(lower));
        } catch (MalformedAudioException e) {
            throw new MusicFsException(FailureKind.CORRUPT, "damaged audio file " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw MusicFsException.wrap("cannot read the tags of " + file, e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            if (e instanceof MusicFsException ours) {
                throw ours;
            }
            throw new MusicFsException(FailureKind.CORRUPT, "damaged audio file " + file + ": " + e, e);
        }
    }

    private static AudioFacts facts(Path file, String extension) throws IOException {
        if (AudioFormats.isOgg(extension)) {
            return OggReader.read(file);
        }
        if (AudioFormats.isApe(extension)) {
            return ApeReader.read(file);
        }
        if (AudioFormats.isAdts(extension)) {
            return aac(file);
        }
        return LibraryReader.read(file, extension);
    }

    /** What is called aac is an MP4 file or a bare ADTS stream, which has no tags worth the name. */
    private static AudioFacts aac(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(8);
        }
        boolean mp4 = head.length == 8 && head[4] == 'f' && head[5] == 't' && head[6] == 'y' && head[7] == 'p';
        boolean adts = head.length == 8 && (head[0] & 0xFF) == 0xFF && (head[1] & 0xF6) == 0xF0;
        boolean id3 = head.length == 8 && head[0] == 'I' && head[1] == 'D' && head[2] == '3';
        if (!mp4 && !adts && !id3) {
            throw new MalformedAudioException("neither MP4 nor ADTS");
        }
        return mp4 ? LibraryReader.read(file, "m4a") : new AudioFacts(FieldSource.NONE, 0, 0);
    }
}
