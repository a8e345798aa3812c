package dev.musicfs.formats;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;

/**
 * Finds out where in an audio file the audio lies and where the embedded pictures. The format is told by the content, the
 * extension is a hint where the content does not say. Safe for any number of threads.
 *
 * <p>Reads little: the first 64 KiB, in formats with tags at the end the last 16 KiB, and behind a large picture the bytes
 * that follow it, never the picture. What a header announces is never allocated or read, only looked beyond.
 *
 * <p>Another header of another length leaves the bytes of the audio as they are, except in Ogg: its pages are numbered from
 * the beginning of the file and carry a checksum over their number, so when a retagged file has more or fewer pages of
 * headers, every page of audio differs in these eight bytes.
 */
public final class LayoutReader {
    private LayoutReader() {}

    /**
     * Reads the layout from what is known of the file, from the beginning, and says what is missing. The answer does not
     * depend on how much more than the necessary is known, as long as there is room for the necessary. After at most 64 {@link LayoutStep.Needs} there is an end.
     * Does not block.
     *
     * @param extension without the dot, any case; a hint
     * @throws MusicFsException {@code CORRUPT} when the file is damaged or of no kind known here; for its reader it then is
     *     {@link AudioLayout#unknown}
     */
    public static LayoutStep step(FetchedRanges known, String extension) {
        try {
            LayoutBytes bytes = new LayoutBytes(known);
            return new LayoutStep.Done(LayoutFormats.layout(bytes, extension.toLowerCase(Locale.ROOT)));
        } catch (ParsingStopped e) {
            ByteRange missing = e.missing();
            if (missing == null) {
                throw corrupt(e.reason(), e);
            }
            if (!known.mayNeed(missing)) {
                throw corrupt("its headers are too many or too far apart", e);
            }
            return new LayoutStep.Needs(missing);
        }
    }

    /**
     * The layout of a local file. Blocks on the disk.
     *
     * @param extension without the dot, any case; a hint
     * @throws MusicFsException {@code CORRUPT} as in {@link #step}; {@code INVALID} when it is not a regular file;
     *     {@code STALE} when it becomes shorter meanwhile; else what kept it from being read
     */
    public static AudioLayout readBlocking(Path file, String extension) {
        try {
            // A FIFO would keep us for ever.
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                throw new MusicFsException(FailureKind.INVALID, "not a regular file: " + file);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                FetchedRanges known = new FetchedRanges(channel.size());
                while (true) {
                    LayoutStep step = step(known, extension);
                    if (step instanceof LayoutStep.Done done) {
                        return done.layout();
                    }
                    if (step instanceof LayoutStep.Needs needs) {
                        known.add(needs.range().offset(), read(channel, needs.range()));
                    }
                }
            }
        } catch (IOException e) {
            throw MusicFsException.wrap("cannot read the layout of " + file, e);
        }
    }

    private static ByteBuffer read(FileChannel channel, ByteRange range) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) range.length());
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, range.offset() + bytes.position()) < 0) {
                throw new MusicFsException(FailureKind.STALE, "the file became shorter while it was read");
            }
        }
        return bytes.flip();
    }

    private static MusicFsException corrupt(String reason, ParsingStopped cause) {
        return new MusicFsException(FailureKind.CORRUPT, "no layout of this audio file: " + reason, cause);
    }
}
