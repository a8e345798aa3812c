package dev.musicfs.formats;

import dev.musicfs.failure.Errno;
import java.io.EOFException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jaudiotagger.audio.AudioFile;
import org.jaudiotagger.audio.AudioFileIO;
import org.jaudiotagger.audio.AudioHeader;
import org.jaudiotagger.audio.exceptions.CannotReadException;
import org.jaudiotagger.audio.exceptions.InvalidAudioFrameException;
import org.jaudiotagger.audio.exceptions.ReadOnlyFileException;
import org.jaudiotagger.tag.Tag;
import org.jaudiotagger.tag.TagException;
import org.jaudiotagger.tag.TagField;
import org.jaudiotagger.tag.TagTextField;
import org.jaudiotagger.tag.flac.FlacTag;
import org.jspecify.annotations.Nullable;

/** Reads with jaudiotagger and sorts out what it throws. */
final class LibraryReader {
    /** Held, because a logger nobody holds forgets its level. */
    private static final Logger LIBRARY_LOG = Logger.getLogger("org.jaudiotagger");

    /** Where the disk and not the file is at fault. */
    private static final Set<Errno> PLATFORM_TROUBLE = EnumSet.of(
            Errno.EIO,
            Errno.ESTALE,
            Errno.ETIMEDOUT,
            Errno.ENODEV,
            Errno.ENXIO,
            Errno.ENOTCONN,
            Errno.EHOSTDOWN,
            Errno.EACCES,
            Errno.EPERM,
            Errno.ENOMEM,
            Errno.EMFILE,
            Errno.ENFILE,
            Errno.EINTR,
            Errno.ECONNREFUSED,
            Errno.ECONNRESET);

    static {
        LIBRARY_LOG.setLevel(Level.OFF);
    }

    private LibraryReader() {}

    /**
     * Blocks; fails with {@link MalformedAudioException} when the file is damaged, other exceptions are real I/O.
     *
     * @param extension lower-case; chooses the parser whatever the file is called
     */
    static AudioFacts read(Path file, String extension) throws IOException {
        LengthGuard.check(file);
        if (!DescriptorFile.isNeededFor(file)) {
            return parse(file, file.toFile(), extension);
        }
        try (DescriptorFile open = DescriptorFile.open(file)) {
            AudioFacts facts = parse(file, open.file(), extension);
            if (!open.isStillTarget()) {
                throw new IOException("lost the descriptor of a file that is being read elsewhere");
            }
            return facts;
        }
    }

    private static AudioFacts parse(Path original, File file, String extension) throws IOException {
        try {
            // One for each call: the library does not promise that its parsers can be shared between threads.
            AudioFile audio = new AudioFileIO().readFileAs(file, extension);
            AudioHeader header = audio.getAudioHeader();
            return new AudioFacts(
                    fields(audio.getTag()), (long) (number(header, AudioHeader::getPreciseTrackLength) * 1000), (int)
                            number(header, AudioHeader::getBitRateAsNumber));
        } catch (CannotReadException
                | TagException
                | ReadOnlyFileException
                | InvalidAudioFrameException
                | IOException
                | RuntimeException
                | AssertionError
                | StackOverflowError
                | OutOfMemoryError e) {
            throw sorted(original, e);
        }
    }

    private static FieldSource fields(@Nullable Tag tag) {
        if (tag == null) {
            return FieldSource.NONE;
        }
        if (!(tag instanceof FlacTag flac)) {
            return new LibraryTags(tag);
        }
        TextTags comments = new TextTags();
        Iterator<TagField> all = flac.getVorbisCommentTag().getFields();
        while (all.hasNext()) {
            if (all.next() instanceof TagTextField text) {
                comments.add(text.getId(), text.getContent());
            }
        }
        return comments;
    }

    /** Headers that lack a number throw when they are asked for it. */
    private static double number(AudioHeader header, ToDoubleFunction<AudioHeader> question) {
        try {
            return question.applyAsDouble(header);
        } catch (NullPointerException | NumberFormatException notThere) {
            return 0;
        }
    }

    private static IOException sorted(Path file, Throwable failure) throws IOException {
        probe(file);
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof FileNotFoundException) {
                // The probe has just seen it: it came back, or the JDK said so of EMFILE or EIO.
                return new IOException("could not be opened", failure);
            }
            if (t instanceof FileSystemException || t instanceof ClosedChannelException) {
                return (IOException) t;
            }
            if (t instanceof IOException io
                    && !(t instanceof EOFException)
                    && Errno.of(io).filter(PLATFORM_TROUBLE::contains).isPresent()) {
                return io;
            }
        }
        String message = failure.getMessage();
        return new MalformedAudioException(
                message == null ? failure.getClass().getSimpleName() : TagText.clean(message), failure);
    }

    /** Fails when the file cannot be read at all, which is not the same as damaged. */
    private static void probe(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, 0);
            one.clear();
            channel.read(one, Math.max(0, channel.size() - 1));
        }
    }
}
