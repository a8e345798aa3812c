package dev.musicfs.formats;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.TrackTags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the tags of audio files. What they are is told by their content. Nothing is loaded that nobody asks for, pictures
 * above all, and nothing is allocated by what a header announces: of one file at most {@link FetchedRanges#MAX_BYTES} are
 * held. Safe for any number of threads; never writes to a file.
 */
public final class TagReader {
    private static final int HEAD_BYTES = 3 << 20;

    private final TagCharset charset;

    /** Text whose encoding is not said is guessed. */
    public TagReader() {
        this(Optional.empty());
    }

    /** @param fallback the encoding of text that does not say its own and is not UTF-8; empty to guess */
    public TagReader(Optional<Charset> fallback) {
        this.charset = new TagCharset(fallback);
    }

    /**
     * Reads the tags from what is known of the file, from the beginning, and says what is missing. The answer does not
     * depend on how much more than the necessary is known. After at most {@link FetchedRanges#MAX_NEEDS} answers there is
     * an end, if need be with the tags that were found until then. Does not block.
     *
     * @param extension without the dot, any case; a hint
     * @throws MusicFsException {@code CORRUPT} when nothing in the file makes sense
     */
    public TagStep step(FetchedRanges known, String extension) {
        return step(known, extension, true, MpegLayout.SEARCH_BYTES);
    }

    /**
     * The same where all that is known is all there will be, which should be {@link #secondLook}. Frames of MPEG audio are
     * looked for further.
     */
    public TrackTags lookAgain(FetchedRanges known, String extension) {
        TagStep step = step(known, extension, false, HEAD_BYTES);
        if (step instanceof TagStep.Done done) {
            return done.tags();
        }
        return finished(known, extension, HEAD_BYTES);
    }

    /** The parts of a file of so many bytes in which tags are looked for when it made no sense at first; at most 4 MiB. */
    public static List<ByteRange> secondLook(long sizeBytes) {
        if (sizeBytes <= FetchedRanges.MAX_BYTES) {
            return sizeBytes == 0 ? List.of() : List.of(new ByteRange(0, sizeBytes));
        }
        int tail = FetchedRanges.MAX_BYTES - HEAD_BYTES;
        return List.of(new ByteRange(0, HEAD_BYTES), new ByteRange(sizeBytes - tail, tail));
    }

    private TagStep step(FetchedRanges known, String extension, boolean remote, long search) {
        String lower = extension.toLowerCase(Locale.ROOT);
        try {
            LayoutBytes bytes = new LayoutBytes(known);
            if (remote) {
                bytes.requireHead();
                bytes.requireTail();
            }
            return done(new TagWalk(bytes, charset, false).read(lower, search), lower);
        } catch (ParsingStopped e) {
            ByteRange missing = e.missing();
            if (missing == null) {
                throw corrupt(e);
            }
            return known.mayNeed(missing)
                    ? new TagStep.Needs(missing)
                    : new TagStep.Done(finished(known, extension, search));
        }
    }

    private TrackTags finished(FetchedRanges known, String extension, long search) {
        String lower = extension.toLowerCase(Locale.ROOT);
        try {
            return done(new TagWalk(new LayoutBytes(known), charset, true).read(lower, search), lower)
                    .tags();
        } catch (ParsingStopped e) {
            throw corrupt(e);
        }
    }

    private static TagStep.Done done(AudioFacts facts, String extension) {
        return new TagStep.Done(facts.toTags(AudioFormats.formatOf(extension)));
    }

    private static MusicFsException corrupt(ParsingStopped e) {
        return new MusicFsException(FailureKind.CORRUPT, "a damaged audio file: " + e.reason(), e);
    }

    /**
     * The tags of one file; a sound file without tags has {@link TrackTags#unknown its format} and its duration. Blocks on
     * the disk. Text is trimmed and in NFC; several artists are joined by {@code "; "}.
     *
     * @param file need not be called what it is
     * @param extension a hint where the content does not say what it is: without the dot, any case
     * @throws MusicFsException {@code CORRUPT} when the file could be read and is damaged; {@code INVALID} when it is not a
     *     regular file or not {@link AudioFormats#isAudio audio} by its extension; else what kept it from being read
     */
    public TrackTags readBlocking(Path file, String extension) {
        if (!AudioFormats.isAudio(extension)) {
            throw new MusicFsException(FailureKind.INVALID, "not an audio file by its extension: " + file);
        }
        try {
            // A FIFO would keep us for ever.
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                throw new MusicFsException(FailureKind.INVALID, "not a regular file: " + file);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return readBlocking(channel, extension);
            }
        } catch (IOException e) {
            throw MusicFsException.wrap("cannot read the tags of " + file, e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            if (e instanceof MusicFsException ours) {
                throw ours;
            }
            throw new MusicFsException(FailureKind.CORRUPT, "damaged audio file " + file + ": " + e, e);
        }
    }

    private TrackTags readBlocking(FileChannel channel, String extension) throws IOException {
        FetchedRanges known = new FetchedRanges(channel.size());
        try {
            while (true) {
                TagStep step = step(known, extension, false, MpegLayout.SEARCH_BYTES);
                if (step instanceof TagStep.Done done) {
                    return done.tags();
                }
                if (step instanceof TagStep.Needs needs) {
                    addBlocking(known, channel, needs.range());
                }
            }
        } catch (MusicFsException e) {
            if (e.kind() != FailureKind.CORRUPT || known.isWhole()) {
                throw e;
            }
        }
        return lookAgainBlocking(channel, extension);
    }

    private TrackTags lookAgainBlocking(FileChannel channel, String extension) throws IOException {
        FetchedRanges known = new FetchedRanges(channel.size());
        for (ByteRange range : secondLook(known.sizeBytes())) {
            addBlocking(known, channel, range);
        }
        return lookAgain(known, extension);
    }

    private static void addBlocking(FetchedRanges known, FileChannel channel, ByteRange range) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) range.length());
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, range.offset() + bytes.position()) < 0) {
                throw new MusicFsException(FailureKind.STALE, "the file became shorter while it was read");
            }
        }
        known.add(range.offset(), bytes.flip());
    }
}
